CREATE EXTENSION pgcrypto;
CREATE EXTENSION hstore;
CREATE EXTENSION postgres_fdw;
CREATE SCHEMA "Shop Schema" AUTHORIZATION app;
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN age AS int CHECK (VALUE >= 0);
CREATE SEQUENCE counter;
SELECT setval('counter', 4711);

SET ROLE app;
CREATE TABLE "Shop Schema"."Odd; name" (i int);
RESET ROLE;

CREATE TABLE customer (
  id int GENERATED ALWAYS AS IDENTITY (START 100) PRIMARY KEY,
  name text NOT NULL,
  loud text GENERATED ALWAYS AS (upper(name)) STORED,
  attributes hstore,
  secret bytea DEFAULT gen_random_bytes(4),
  years age,
  feels mood DEFAULT 'glad'
);
ALTER TABLE customer OWNER TO app;
COMMENT ON TABLE customer IS 'who pays';
COMMENT ON COLUMN customer.name IS 'in full';
INSERT INTO customer (name, attributes, years)
  SELECT 'name ' || i, hstore('k', i::text), i % 90 FROM generate_series(1, 500) i;
ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON customer FOR SELECT TO "Rea'der" USING (name = current_user);
GRANT SELECT (id, name) ON customer TO "Rea'der";
CREATE STATISTICS both_columns ON name, years FROM customer;

CREATE TABLE orders (id bigserial, customer int REFERENCES customer, at date, PRIMARY KEY (id, at))
  PARTITION BY RANGE (at);
CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE orders_rest PARTITION OF orders DEFAULT;
CREATE INDEX ON orders (customer);
INSERT INTO orders (customer, at)
  SELECT 100 + i % 500, date '2025-06-01' + i % 400 FROM generate_series(1, 2000) i;

CREATE MATERIALIZED VIEW names AS SELECT name, loud FROM customer;
CREATE UNIQUE INDEX ON names (name);
CREATE VIEW adults AS SELECT * FROM customer WHERE years >= 18;
CREATE UNLOGGED TABLE quick AS SELECT i FROM generate_series(1, 10) i;

CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN NEW.name := NEW.name || ''; RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION stamp();
ALTER TABLE customer DISABLE TRIGGER stamp;
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION watch();
COMMENT ON EVENT TRIGGER watch IS 'sees all';

SELECT lo_from_bytea(424242, decode(repeat('ab', 300000), 'hex'));
ALTER LARGE OBJECT 424242 OWNER TO app;
GRANT SELECT ON LARGE OBJECT 424242 TO "Rea'der";
ALTER DEFAULT PRIVILEGES FOR ROLE app IN SCHEMA public GRANT SELECT ON TABLES TO "Rea'der";

CREATE EXTENSION dblink;
CREATE FUNCTION wild_handler() RETURNS language_handler
  LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE LANGUAGE wild HANDLER wild_handler;
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM dblink_exec ('host=far.example.com', 'SELECT 1'); RETURN NEW; END $$;
CREATE TRIGGER told AFTER INSERT ON customer FOR EACH ROW EXECUTE FUNCTION tell();
ALTER TABLE customer DISABLE TRIGGER told;
CREATE FUNCTION ask() RETURNS int RETURN (SELECT i FROM public.dblink('', '') AS t (i int));
CREATE FUNCTION run() RETURNS void LANGUAGE plpgsql AS
  $$ BEGIN COPY customer (name) TO PROGRAM 'sendmail'; END $$;
CREATE FUNCTION roam() RETURNS void LANGUAGE wild AS $$ BEGIN END $$;
CREATE FUNCTION stay() RETURNS text LANGUAGE sql AS $$ SELECT 'programmed, unlinked' $$;

CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'far.example.com');
CREATE USER MAPPING FOR app SERVER elsewhere OPTIONS ("user" 'app', password 'sesame');
CREATE FOREIGN TABLE far (i int) SERVER elsewhere OPTIONS (table_name 'near');

CREATE PUBLICATION outgoing FOR ALL TABLES;
CREATE SUBSCRIPTION incoming CONNECTION 'host=far.example.com password=sesame'
  PUBLICATION p WITH (connect = false);
