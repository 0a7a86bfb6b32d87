INSERT INTO purchase (customer_id) SELECT n FROM generate_series(1, 1000) n;
ALTER TABLE purchase ADD COLUMN note text NOT NULL DEFAULT 'none';
