package dev.understudy.cloner.neutral;

import java.sql.Connection;
import java.sql.SQLException;

/** Takes what a system catalog held before out of the files of the database. */
final class OldRows {
  private OldRows() {}

  /** Writes the catalog anew, and forgets what ANALYZE has learnt of it. */
  static void remove(Connection connection, String catalog) throws SQLException {
    forget(connection, catalog);
    Query.execute(connection, "VACUUM (FULL) pg_catalog." + catalog);
  }

  /** The same for one column of a catalog of which the planner is to know all else. */
  static void remove(Connection connection, String catalog, String column) throws SQLException {
    Query.execute(
        connection,
        """
        DELETE FROM pg_catalog.pg_statistic s USING pg_catalog.pg_attribute a
        WHERE s.starelid = 'pg_catalog.%s'::pg_catalog.regclass AND a.attrelid = s.starelid
          AND a.attnum = s.staattnum AND a.attname = '%s'\
        """
            .formatted(catalog, column),
        "VACUUM (FULL) pg_catalog." + catalog);
  }

  /** The rows of pg_statistic themselves go when passwords do, in every database. */
  static void forget(Connection connection, String catalog) throws SQLException {
    Query.execute(
        connection,
        "DELETE FROM pg_catalog.pg_statistic WHERE starelid = 'pg_catalog.%s'::pg_catalog.regclass"
            .formatted(catalog));
  }
}
