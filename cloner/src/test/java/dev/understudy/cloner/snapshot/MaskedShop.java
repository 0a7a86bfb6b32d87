package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.mask.Mask;
import dev.understudy.config.ColumnName;
import dev.understudy.config.DatabaseMask;
import dev.understudy.config.MaskPolicy;
import dev.understudy.config.MaskRule;
import dev.understudy.config.Secret;
import dev.understudy.config.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A database of production with something to mask in every place, and the rules for it. */
final class MaskedShop {
  private final Path parent;
  private final Sentinels sentinels = new Sentinels();
  private final Sentinels key = new Sentinels();

  /**
   * @param parent of the stage's directories and of the mask's script
   */
  MaskedShop(Path parent) {
    this.parent = parent;
  }

  /** Stand in every place that is masked. */
  Sentinels sentinels() {
    return sentinels;
  }

  /** Makes the database, with a tablespace, and what crashes leave. */
  void make(Stage stage) throws Exception {
    stage.place(parent.resolve("space"));
    stage.execute("CREATE TABLESPACE space LOCATION '%s'".formatted(parent.resolve("space")));
    stage.execute("CREATE DATABASE shop");
    fill(stage);
    learnElsewhere(stage);
    dropWhatOpensOthers(stage);
    dropColumnsThatOpen(stage);
    openByTables(stage);
    leaveFiles(stage);
  }

  /** In a database that has none of these any more. */
  private void dropWhatOpensOthers(Stage stage) throws SQLException {
    execute(
        stage,
        "postgres",
        """
        CREATE FOREIGN DATA WRAPPER gone OPTIONS (word '<dropped wrapper>');;
        CREATE SERVER gone FOREIGN DATA WRAPPER gone OPTIONS (host '<dropped server>');;
        CREATE USER MAPPING FOR postgres SERVER gone OPTIONS (password '<dropped user mapping>');;
        CREATE FOREIGN TABLE gone (i int) SERVER gone OPTIONS (program '<dropped foreign table>');;
        CREATE SUBSCRIPTION gone CONNECTION 'host=127.0.0.1 port=1 password=<dropped subscription>'
          PUBLICATION p WITH (connect = false, slot_name = NONE);;
        DROP SUBSCRIPTION gone;;
        DROP SERVER gone CASCADE\
        """);
  }

  /** So many that what comes into the catalog later takes the place of some only. */
  private void dropColumnsThatOpen(Stage stage) throws SQLException {
    stage.execute("CREATE DATABASE former");
    execute(
        stage,
        "former",
        """
        CREATE FOREIGN DATA WRAPPER gone;;
        CREATE SERVER gone FOREIGN DATA WRAPPER gone;;
        DO $$ BEGIN EXECUTE (
          SELECT format('CREATE FOREIGN TABLE gone (%s) SERVER gone', string_agg(format(
            'c%s int OPTIONS (token ''<column of a dropped foreign table>'')', i), ', '))
          FROM generate_series(1, 1000) i);
        END $$;;
        DROP SERVER gone CASCADE\
        """);
  }

  /** In a database without rules. */
  private void openByTables(Stage stage) throws SQLException {
    execute(
        stage,
        "unruled",
        """
        CREATE FOREIGN DATA WRAPPER piped;;
        CREATE SERVER piped FOREIGN DATA WRAPPER piped;;
        CREATE FOREIGN TABLE piped (
          i int OPTIONS (column_name 'n', token '<column of a foreign table>'),
          j int OPTIONS (token '<dropped column of a foreign table>'))
          SERVER piped OPTIONS (schema_name 's', program '<foreign table>', format 'csv');;
        ALTER FOREIGN TABLE piped DROP COLUMN j;;
        ANALYZE pg_attribute, pg_foreign_table\
        """);
  }

  /** What ANALYZE has learnt of rows in another place, which is not there any more. */
  private void learnElsewhere(Stage stage) throws SQLException {
    stage.execute("CREATE DATABASE elsewhere");
    execute(
        stage,
        "elsewhere",
        """
        CREATE TABLE far AS SELECT date '2025-02-03' AS at, '<elsewhere>' AS actor,
          '<elsewhere, without a rule>' AS what FROM generate_series(1, 100)\
        """);
    stage.execute("CREATE DATABASE unruled");
    for (String database : List.of("shop", "unruled")) {
      execute(
          stage,
          database,
          """
          CREATE EXTENSION postgres_fdw;;
          CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw
            OPTIONS (dbname 'elsewhere', host '%s', port '%d');;
          CREATE USER MAPPING FOR postgres SERVER elsewhere OPTIONS ("user" 'postgres');;
          CREATE FOREIGN TABLE far (at date, actor text, what text) SERVER elsewhere;;
          CREATE STATISTICS of_far ON (what || 'x') FROM far;;
          ANALYZE far\
          """
              .formatted(stage.production().socketDirectory(), stage.production().port()));
    }
    execute(
        stage,
        "shop",
        """
        CREATE TABLE spread (at date, actor text, what text) PARTITION BY RANGE (at);;
        CREATE TABLE spread_here PARTITION OF spread FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');;
        CREATE FOREIGN TABLE spread_far PARTITION OF spread
          FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') SERVER elsewhere OPTIONS (table_name 'far');;
        INSERT INTO spread_here SELECT '2024-02-03', '<here>', 'x' FROM generate_series(1, 100);;
        CREATE TABLE spilt (LIKE spread) PARTITION BY RANGE (at);;
        CREATE TABLE spilt_here PARTITION OF spilt FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');;
        CREATE FOREIGN TABLE spilt_far PARTITION OF spilt
          FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') SERVER elsewhere OPTIONS (table_name 'far');;
        INSERT INTO spilt_here VALUES ('2024-02-03', '<here, emptied>', 'x');;
        CREATE TABLE kin (LIKE spread);;
        CREATE FOREIGN TABLE kin_far () INHERITS (kin) SERVER elsewhere OPTIONS (table_name 'far');;
        INSERT INTO kin SELECT '2024-02-03', 'y', 'x' FROM generate_series(1, 100);;
        CREATE TABLE strewn (LIKE spread) PARTITION BY RANGE (at);;
        CREATE TABLE strewn_here PARTITION OF strewn FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');;
        CREATE FOREIGN TABLE strewn_far PARTITION OF strewn
          FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') SERVER elsewhere OPTIONS (table_name 'far');;
        INSERT INTO strewn_here VALUES ('2024-02-03', 'y', 'x');;
        SET understudy.until = '2026-01-01';;
        CREATE MATERIALIZED VIEW seen AS SELECT what FROM strewn
          WHERE coalesce(nullif(current_setting('understudy.until', true), ''), '2025-01-01')::date > at;;
        ANALYZE spread, kin\
        """);
    stage.execute("DROP DATABASE elsewhere WITH (FORCE)");
  }

  /** A session with a temporary table that was analyzed; nobody can mask it, or read it later. */
  Connection hold(Stage stage) throws SQLException {
    Connection session = stage.production().connect("shop", "postgres");
    execute(
        session,
        """
        CREATE TEMP TABLE working AS SELECT '<temporary>' AS email,
          '<temporary, extended>' AS city, '<temporary, indexed>' AS name
          FROM generate_series(1, 100);;
        CREATE INDEX ON working ((name || '!'));;
        ALTER TABLE working ALTER name SET STATISTICS 0;;
        ALTER TABLE working ALTER city SET STATISTICS 0;;
        CREATE STATISTICS public.of_working ON (city || 'x') FROM working;;
        CREATE FUNCTION public.is_working(pg_temp.working) RETURNS bool LANGUAGE sql
          AS 'SELECT true';;
        CREATE FUNCTION pg_temp.helps() RETURNS int LANGUAGE sql AS 'SELECT 1';;
        CREATE TYPE pg_temp.mood AS ENUM ('good');;
        ALTER EXTENSION citext ADD TABLE pg_temp.working;;
        ALTER EXTENSION citext ADD FUNCTION public.is_working(pg_temp.working);;
        ALTER EXTENSION citext ADD FUNCTION pg_temp.helps();;
        ALTER EXTENSION citext ADD TYPE pg_temp.mood;;
        ANALYZE working\
        """);
    return session;
  }

  /** The key as it is, and as it goes into the hashes. */
  Sentinels keySearch() {
    byte[] text = key.at("key").getBytes(StandardCharsets.US_ASCII);
    for (int pad : List.of(0x36, 0x5c)) {
      byte[] padded = text.clone();
      for (int i = 0; i < padded.length; i++) {
        padded[i] ^= (byte) pad;
      }
      key.watch("pad " + pad, padded);
      key.watch("hex " + pad, HexFormat.of().formatHex(padded).getBytes(StandardCharsets.US_ASCII));
    }
    return key;
  }

  Path script() {
    return parent.resolve("mask.sql");
  }

  Mask mask() throws Exception {
    Files.writeString(
        script(),
        """
        -- What no rule can do; and nobody but us knows this password.
        UPDATE setting SET value = 'x' WHERE name = 'secret';
        DELETE FROM public.setting WHERE name = 'gone; really';
        DO $$ BEGIN COMMENT ON TABLE public.setting IS 'short'; END $$;
        """);
    Map<ColumnName, MaskRule> rules = new LinkedHashMap<>();
    MaskRule hash = new MaskRule.Hash();
    rules.put(column("customer", "email"), new MaskRule.Email());
    rules.put(column("customer", "name"), new MaskRule.Name());
    rules.put(column("customer", "phone"), new MaskRule.Phone());
    rules.put(column("customer", "iban"), new MaskRule.Partial(2, 0));
    rules.put(column("customer", "small"), hash);
    rules.put(column("customer", "external"), hash);
    rules.put(column("customer", "pglz"), hash);
    rules.put(column("customer", "lz4"), hash);
    rules.put(column("customer", "tags"), hash);
    rules.put(column("customer", "doc"), hash);
    rules.put(column("customer", "pin"), hash);
    rules.put(column("customer", "born"), new MaskRule.Null());
    rules.put(column("purchase", "email"), new MaskRule.Email());
    rules.put(column("parcel", "no"), hash);
    rules.put(column("scan", "no"), hash);
    rules.put(column("crate", "no"), hash);
    rules.put(column("event", "actor"), hash);
    rules.put(column("animal", "owner"), hash);
    rules.put(column("spread", "actor"), hash);
    rules.put(column("keyless", "mail"), new MaskRule.Email());
    rules.put(column("learnt", "words"), hash);
    rules.put(column("noted", "at"), new MaskRule.Constant("2000-01-01"));
    rules.put(column("housed", "at"), new MaskRule.Null());
    rules.put(column("housed", "was"), new MaskRule.Constant("(x,y)"));
    rules.put(column("setting", "name"), new MaskRule.Keep());
    DatabaseMask shop =
        new DatabaseMask(
            rules,
            List.of(new TableName("audit", "log"), new TableName("public", "spilt")),
            DatabaseMask.LargeObjects.REMOVE,
            List.of(script()));
    return Mask.load(new MaskPolicy(new Secret(key.at("key")), true, Map.of("shop", shop)), parent);
  }

  private static ColumnName column(String table, String column) {
    return new ColumnName(new TableName("public", table), column);
  }

  /** As crashes of production do: of CREATE TABLE, CREATE DATABASE and VACUUM FULL. */
  private void leaveFiles(Stage stage) throws Exception {
    Path data = stage.production().dataDirectory();
    try (Connection connection = stage.production().connect("shop", "postgres")) {
      String database =
          texts(connection, "SELECT 'base/' || oid FROM pg_database WHERE datname = 'shop'")
              .getFirst();
      String inSpace =
          texts(connection, "SELECT pg_relation_filepath('spaced'::regclass)").getFirst();
      leave(data.resolve(database).resolve("987654.1"), "file of no relation");
      leave(data.resolve(inSpace).resolveSibling("987655"), "file of no relation in a tablespace");
      // Its number is that of a relation elsewhere.
      leave(
          data.resolve(database).resolve(data.resolve(inSpace).getFileName().toString()),
          "file of no relation in this tablespace");
      leave(data.resolve("base/987656/2619"), "file of no database");
      leave(
          data.resolve(inSpace).resolve("../../987656/2619").normalize(),
          "file of no database in a tablespace");
      leave(data.resolve("global/987657"), "file of no shared catalog");
    }
  }

  private void leave(Path file, String name) throws IOException {
    Path directory = file.resolveSibling(".").normalize();
    Object owner = Files.getAttribute(directory.resolveSibling("."), "unix:uid");
    if (!Files.exists(directory)) {
      Files.createDirectory(directory);
      Files.setAttribute(directory, "unix:uid", owner);
    }
    Files.writeString(file, sentinels.at(name));
    Files.setAttribute(file, "unix:uid", owner);
  }

  private void fill(Stage stage) throws SQLException {
    try (Connection connection = stage.production().connect("shop", "postgres")) {
      execute(connection, commands());
      assertThat(
              texts(
                  connection,
                  "SELECT pg_column_compression(pglz) || pg_column_compression(lz4) FROM customer"
                      + " WHERE id = 1"))
          .containsExactly("pglzlz4");
    }
  }

  private String commands() {
    String text =
        """
        CREATE TABLE customer (
          id serial PRIMARY KEY, email varchar(80) UNIQUE, name text, phone varchar(40), iban text,
          small varchar(60), external text, pglz text COMPRESSION pglz, lz4 text COMPRESSION lz4,
          tags text[], doc jsonb, pin int UNIQUE, born date, former text,
          domain text GENERATED ALWAYS AS (substr(email, strpos(email, '@') + 1)) STORED);;
        ALTER TABLE customer ALTER external SET STORAGE EXTERNAL;;
        INSERT INTO customer (email, name, phone, iban, small, external, pglz, lz4, tags, doc, pin,
          born, former) VALUES ('<email>@<domain>', '<name> Smith', '+49 <phone>',
          'DE<iban>', '<short>', repeat('long ', 1000) || '<external>',
          repeat('pglz ', 1000) || '<pglz>' || repeat('pglz ', 1000),
          repeat('lz4 ', 1000) || '<lz4>' || repeat('lz4 ', 1000),
          ARRAY['<array>', NULL, 'b'], '{"key": ["<jsonb>", 1]}', 4711, '1984-07-03', '<dropped>');;
        INSERT INTO customer (email, name, pin)
          SELECT 'u' || i || '@b.de', 'Ann', i FROM generate_series(1, 2000) i;;
        INSERT INTO customer (email) VALUES ('<deleted>');;
        DELETE FROM customer WHERE email = '<deleted>';;
        UPDATE customer SET small = '<updated>' WHERE id = 7;;
        UPDATE customer SET small = 'now something else' WHERE id = 7;;
        ALTER TABLE customer DROP COLUMN former;;
        CREATE INDEX ON customer (lower(name));;
        CREATE INDEX ON customer (small) INCLUDE (email) WHERE phone LIKE '+49%';;
        CREATE STATISTICS both_of (mcv) ON small, email FROM customer;;
        COMMENT ON COLUMN customer.email IS 'as in <comment on a column>';;
        COMMENT ON TABLE customer IS 'see <comment on a table>';;
        COMMENT ON COLUMN customer.id IS 'a number';;
        CREATE TABLE noted (at date, was text);;
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN INSERT INTO noted VALUES (now(), OLD.email); RETURN NEW; END';;
        CREATE TRIGGER always BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION note();;
        ALTER TABLE customer ENABLE ALWAYS TRIGGER always;;
        CREATE RULE kept AS ON UPDATE TO customer DO ALSO INSERT INTO noted VALUES (now(), 'x');;
        ALTER TABLE customer ENABLE REPLICA RULE kept;;
        CREATE TABLE purchase (id int, email varchar(80) REFERENCES customer (email));;
        INSERT INTO purchase SELECT id, email FROM customer;;
        CREATE TABLE parcel (no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sent int);;
        INSERT INTO parcel (sent) SELECT generate_series(1, 100);;
        CREATE TABLE scan (no bigint REFERENCES parcel, seen int);;
        INSERT INTO scan SELECT no, sent FROM parcel;;
        CREATE TABLE crate (no int GENERATED ALWAYS AS IDENTITY, at int) PARTITION BY RANGE (at);;
        CREATE TABLE crate_1 PARTITION OF crate FOR VALUES FROM (1) TO (1000);;
        INSERT INTO crate (at) SELECT generate_series(1, 100);;
        CREATE TABLE event (at date, actor text) PARTITION BY RANGE (at);;
        CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');;
        CREATE TABLE event_2 (actor text, x int, at date);;
        ALTER TABLE event_2 DROP COLUMN x;;
        ALTER TABLE event ATTACH PARTITION event_2 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');;
        INSERT INTO event SELECT '2024-02-03', '<partition>' FROM generate_series(1, 100);;
        INSERT INTO event SELECT '2025-02-03', '<other partition>' FROM generate_series(1, 100);;
        CREATE TABLE animal (owner text);;
        CREATE TABLE dog (weight int) INHERITS (animal);;
        INSERT INTO dog VALUES ('<child>', 7);;
        CREATE TABLE keyless (mail text);;
        INSERT INTO keyless VALUES ('<published>@b.de');;
        CREATE TABLE learnt (words text);;
        INSERT INTO learnt SELECT '<statistics>' FROM generate_series(1, 100);;
        CREATE TABLE setting (name text, value text);;
        INSERT INTO setting VALUES ('secret', '<changed by a script>'), ('gone; really', '<deleted by a script>');;
        COMMENT ON TABLE setting IS '<comment changed by a script>';;
        CREATE TABLE untouched (i int, former text);;
        INSERT INTO untouched VALUES (1, '<dropped from another table>');;
        ALTER TABLE untouched DROP COLUMN former;;
        CREATE TABLE spaced (i int) TABLESPACE space;;
        CREATE TYPE place AS (town text, house text);;
        CREATE TABLE housed (at place, was place);;
        INSERT INTO housed VALUES (('<composite with a null>', NULL), (NULL, '<other composite>'));;
        CREATE EXTENSION citext;;
        CREATE TABLE spelt (word citext);;
        INSERT INTO spelt VALUES ('Kept');;
        CREATE SCHEMA audit;;
        CREATE TABLE audit.log (line text);;
        INSERT INTO audit.log SELECT '<emptied table>' FROM generate_series(1, 100);;
        COMMENT ON COLUMN audit.log.line IS '<comment on an emptied table>';;
        CREATE VIEW mail AS SELECT id, email FROM customer;;
        CREATE MATERIALIZED VIEW mails AS SELECT id, upper(email) || '/' || email AS pair FROM mail;;
        CREATE MATERIALIZED VIEW as_xml AS SELECT query_to_xml('SELECT name FROM public.customer WHERE id = 1', true, true, '')::text AS x;;
        CREATE MATERIALIZED VIEW a_first AS SELECT pair FROM mails;;
        CREATE INDEX ON mails (pair);;
        SELECT lo_from_bytea(0, '<large object>');;
        DO $$ BEGIN EXECUTE 'COMMENT ON LARGE OBJECT ' || (SELECT oid FROM pg_largeobject_metadata)
          || ' IS ''<comment on a large object>'''; END $$;;
        VACUUM ANALYZE;;
        CREATE MATERIALIZED VIEW known AS SELECT attname, most_common_vals::text AS v FROM pg_stats
          WHERE schemaname = 'public';;
        DELETE FROM learnt;;
        VACUUM FULL learnt;;
        CREATE PUBLICATION everything FOR ALL TABLES\
        """;
    return with(text);
  }

  private void execute(Stage stage, String database, String commands) throws SQLException {
    try (Connection connection = stage.production().connect(database, "postgres")) {
      execute(connection, commands);
    }
  }

  private void execute(Connection connection, String commands) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String command : with(commands).split(";;", -1)) {
        statement.execute(command);
      }
    }
  }

  private String with(String text) {
    while (text.contains("<")) {
      int from = text.indexOf('<');
      int to = text.indexOf('>', from);
      text =
          text.substring(0, from)
              + sentinels.at(text.substring(from + 1, to))
              + text.substring(to + 1);
    }
    return text;
  }

  static List<String> texts(Connection connection, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(String.valueOf(rows.getString(1)));
      }
    }
    return texts;
  }
}
