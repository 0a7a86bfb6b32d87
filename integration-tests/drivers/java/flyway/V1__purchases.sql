ALTER TABLE customer ADD PRIMARY KEY (id);
CREATE TABLE purchase (id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customer);
