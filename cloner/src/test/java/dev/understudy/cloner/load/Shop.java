package dev.understudy.cloner.load;

import dev.understudy.embedded.EmbeddedPostgres;
import java.util.stream.Stream;

/** The database that has rows of tenants, large objects, and ways to other databases. */
final class Shop {
  static final int ROWS = 1000;
  static final int LARGE_OBJECT = 424_242;
  static final int LARGE_OBJECT_SIZE = 300_000;

  private static final String LEDGER =
      """
      CREATE TABLE ledger (id int PRIMARY KEY, tenant text, note text);
      INSERT INTO ledger SELECT i, CASE WHEN i % 2 = 0 THEN 'tenant' ELSE 'other' END,
        repeat(md5(i::text), 20) FROM generate_series(1, ROWS) i;
      GRANT SELECT ON ledger TO tenant;
      ALTER TABLE ledger ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON ledger USING (tenant = current_user);
      SELECT lo_from_bytea(LOID, decode(repeat('0f', SIZE), 'hex'));
      GRANT SELECT ON LARGE OBJECT LOID TO dumper;
      """
          .replace("ROWS", Integer.toString(ROWS))
          .replace("LOID", Integer.toString(LARGE_OBJECT))
          .replace("SIZE", Integer.toString(LARGE_OBJECT_SIZE));

  /** Of the database {@code bank}, replicated. */
  private static final String HISTORY =
      "CREATE TABLE pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler"
          + " char(22))";

  private Shop() {}

  static String[] statements(EmbeddedPostgres server) {
    Stream<String> all =
        Stream.of(
                Stream.of(LEDGER.split(";\n")),
                Stream.of("CREATE EXTENSION dblink", "CREATE EXTENSION postgres_fdw"),
                foreignServer(
                    "over_tcp",
                    "host '127.0.0.1', port '%d'".formatted(server.port()),
                    "password '%s'".formatted(BusyProduction.PASSWORD)),
                foreignServer(
                    "over_socket",
                    "host '%s', port '%d'".formatted(server.socketDirectory(), server.port()),
                    "password_required 'false'"),
                Stream.of(HISTORY, subscription(server)))
            .flatMap(statements -> statements);
    return all.toArray(String[]::new);
  }

  private static Stream<String> foreignServer(String name, String place, String key) {
    return Stream.of(
        "CREATE SERVER %s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (%s, dbname 'bank')"
            .formatted(name, place),
        "CREATE USER MAPPING FOR PUBLIC SERVER %s OPTIONS (user '%s', %s)"
            .formatted(name, name, key),
        "CREATE FOREIGN TABLE vault_%s (secret text) SERVER %s OPTIONS (table_name 'vault')"
            .formatted(name, name));
  }

  private static String subscription(EmbeddedPostgres server) {
    return "CREATE SUBSCRIPTION incoming CONNECTION '%s' PUBLICATION outgoing WITH (create_slot = false, slot_name = incoming, copy_data = false)"
        .formatted(publisher(server));
  }

  static String publisher(EmbeddedPostgres server) {
    return "host=127.0.0.1 port=%d user=publisher password=%s dbname=bank"
        .formatted(server.port(), BusyProduction.PASSWORD);
  }
}
