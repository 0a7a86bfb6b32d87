package dev.understudy.cloner.neutral;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.snapshot.PreparationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

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

  /**
   * Else an extension whose script has left anything temporary would be dropped with that: an end
   * of a session spares extensions, DROP does not. All that is reached as DROP reaches it.
   */
  private static final String FREE_OF_EXTENSIONS =
      """
      WITH RECURSIVE reached (classid, objid) AS (
        SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass::pg_catalog.oid, oid
        FROM pg_catalog.pg_namespace WHERE nspname ~ '^pg_temp_[0-9]+$'
        UNION
        SELECT n.classid, n.objid FROM reached r, LATERAL (
          SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
          WHERE d.refclassid = r.classid AND d.refobjid = r.objid AND d.deptype <> 'e'
          UNION ALL
          SELECT d.refclassid, d.refobjid FROM pg_catalog.pg_depend d
          WHERE d.classid = r.classid AND d.objid = r.objid AND d.deptype = 'i') n)
      DELETE FROM pg_catalog.pg_depend d USING reached r
      WHERE d.deptype = 'e' AND d.classid = r.classid AND d.objid = r.objid\
      """;

  private static final String EXTENSIONS =
      "SELECT extname FROM pg_catalog.pg_extension ORDER BY extname";

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
    List<String> extensions = Query.column(connection, EXTENSIONS);
    Query.execute(connection, FREE_OF_EXTENSIONS);
    for (String schema : Query.column(connection, SCHEMAS)) {
      Query.execute(connection, "DROP SCHEMA " + SqlText.identifier(schema) + " CASCADE");
    }
    requireAll(extensions, Query.column(connection, EXTENSIONS));
    OldRows.remove(connection, "pg_statistic_ext_data");
  }

  /** With an extension all columns of its types would go. */
  private static void requireAll(List<String> before, List<String> after) throws SQLException {
    List<String> gone = new ArrayList<>(before);
    gone.removeAll(after);
    if (!gone.isEmpty()) {
      throw new PreparationException(
          "extensions would be dropped with what sessions of production have left: "
              + String.join(", ", gone),
          null,
          "End the sessions of production that have temporary objects of these extensions.",
          null);
    }
  }
}
