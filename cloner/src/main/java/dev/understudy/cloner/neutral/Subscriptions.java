package dev.understudy.cloner.neutral;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Finding.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Drops subscriptions: a clone's would take over production's slot at the publisher, and their
 * connection strings open it. The publisher is not asked: where the first copy of a table is
 * unfinished, DROP SUBSCRIPTION would go there to drop that table's slot, which is production's.
 */
final class Subscriptions implements DatabaseWork {
  /** Shared by all databases: its old rows go when this was done in each. */
  static final String CATALOG = "pg_subscription";

  private static final String NOWHERE =
      "host=127.0.0.1 port=1 user=nobody password=none connect_timeout=2";

  @Override
  public void run(Connection connection, Report report) throws SQLException {
    List<String> names =
        Query.column(
            connection,
            """
            SELECT subname FROM pg_catalog.pg_subscription
            WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database
              WHERE datname = pg_catalog.current_database())
            ORDER BY subname\
            """);
    for (String name : names) {
      String alter = "ALTER SUBSCRIPTION " + SqlText.identifier(name);
      Query.execute(
          connection,
          alter + " CONNECTION " + SqlText.literal(NOWHERE),
          alter + " DISABLE",
          alter + " SET (slot_name = NONE)",
          "DROP SUBSCRIPTION " + SqlText.identifier(name));
      report.found(Kind.SUBSCRIPTION, name, "dropped");
    }
    OldRows.forget(connection, CATALOG);
  }
}
