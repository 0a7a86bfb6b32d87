package dev.understudy.cloner.neutral;

import dev.understudy.cloner.snapshot.Finding.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Takes down which unlogged tables are empty, and which unlogged sequences are at their start, as
 * recovery leaves them.
 */
final class UnloggedRelations implements DatabaseWork {
  private static final String UNLOGGED =
      """
      SELECT n.nspname || '.' || c.relname, c.relkind
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence = 'u'
        AND CASE c.relkind WHEN 'r' THEN pg_catalog.pg_relation_size(c.oid) = 0
          WHEN 'm' THEN pg_catalog.pg_relation_size(c.oid) = 0
          WHEN 'S' THEN pg_catalog.pg_sequence_last_value(c.oid) IS NULL
          ELSE false END
      ORDER BY 1\
      """;

  @Override
  public void run(Connection connection, Report report) throws SQLException {
    for (List<String> row : Query.rows(connection, UNLOGGED)) {
      report.found(
          Kind.UNLOGGED_RELATION,
          row.getFirst(),
          row.get(1).equals("S")
              ? "at its start: recovery resets it"
              : "empty: recovery empties it");
    }
  }
}
