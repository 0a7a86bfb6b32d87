package dev.understudy.cloner.neutral;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Finding.Kind;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Does what the ends of production's sessions would have done: drops their temporary schemas with
 * all that depends on them. No session of a clone owns any of it, and though its rows are not in
 * the copy, what ANALYZE has learnt of them is. Written anew without it: the catalog of extended
 * statistics; that of all others goes with the passwords, in every database.
 */
final class TemporaryRelations implements DatabaseWork {
  private static final String RELATIONS =
      """
      SELECT relname FROM pg_catalog.pg_class
      WHERE relpersistence = 't' AND relkind IN ('r', 'p', 'v', 'S') ORDER BY relname, oid\
      """;

  /** Else an extension whose script has left a temporary table would be dropped with that. */
  private static final String FREE_OF_EXTENSIONS =
      """
      DELETE FROM pg_catalog.pg_depend d USING pg_catalog.pg_class c
      WHERE d.deptype = 'e' AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.objid = c.oid AND c.relpersistence = 't'\
      """;

  private static final String SCHEMAS =
      """
      SELECT nspname FROM pg_catalog.pg_namespace n
      WHERE nspname ~ '^pg_temp_[0-9]+$' AND EXISTS (SELECT FROM pg_catalog.pg_depend
        WHERE refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND refobjid = n.oid)
      ORDER BY nspname\
      """;

  @Override
  public void run(Connection connection, Report report) throws SQLException {
    for (String name : Query.column(connection, RELATIONS)) {
      report.found(Kind.TEMPORARY_RELATION, name, "dropped");
    }
    Query.execute(connection, FREE_OF_EXTENSIONS);
    for (String schema : Query.column(connection, SCHEMAS)) {
      Query.execute(connection, "DROP SCHEMA " + SqlText.identifier(schema) + " CASCADE");
    }
    OldRows.remove(connection, "pg_statistic_ext_data");
  }
}
