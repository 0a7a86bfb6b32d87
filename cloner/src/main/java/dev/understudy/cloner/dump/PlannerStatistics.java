package dev.understudy.cloner.dump;

import dev.understudy.cloner.source.LeftOut;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What the planner knows of a database that was restored without it: learnt here. Not of tables
 * that have foreign ones below them, as ANALYZE of those would ask production's foreign servers.
 */
final class PlannerStatistics {
  private static final String WITH_FOREIGN_ONES =
      """
      WITH RECURSIVE above (oid) AS (
        SELECT i.inhparent FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE c.relkind = 'f'
        UNION
        SELECT i.inhparent FROM pg_inherits i JOIN above a ON a.oid = i.inhrelid)
      """;

  private static final String LEFT_OUT =
      WITH_FOREIGN_ONES
          + """
          SELECT n.nspname || '.' || c.relname FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.oid IN (SELECT oid FROM above) AND c.relkind <> 'f' ORDER BY 1\
          """;

  /** Partitions are analyzed with what they are partitions of. */
  private static final String ANALYZED =
      WITH_FOREIGN_ONES
          + """
          SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'm', 'p') AND c.oid NOT IN (SELECT oid FROM above)
            AND NOT (c.relispartition AND EXISTS (SELECT FROM pg_inherits i
              WHERE i.inhrelid = c.oid AND i.inhparent NOT IN (SELECT oid FROM above)))
          ORDER BY c.oid\
          """;

  private PlannerStatistics() {}

  /**
   * Freezes all rows as well, in the one write of each page that comes in any case: nearly all are
   * visible to all in production, too.
   *
   * @return of what it learns nothing
   */
  static List<LeftOut> learn(Connection connection, String database) throws SQLException {
    List<String> leftOut = Rows.all(connection, LEFT_OUT, row -> row.getString(1));
    if (leftOut.isEmpty()) {
      Rows.execute(connection, "VACUUM (FREEZE, ANALYZE)");
      return List.of();
    }
    Rows.execute(
        connection,
        "VACUUM (FREEZE)",
        "ANALYZE " + String.join(", ", Rows.all(connection, ANALYZED, row -> row.getString(1))));
    return leftOut.stream()
        .map(name ->
            new LeftOut(
                LeftOut.Kind.STATISTICS,
                database,
                name,
                "left out: foreign tables are below it, which nobody here can ask"))
        .toList();
  }
}
