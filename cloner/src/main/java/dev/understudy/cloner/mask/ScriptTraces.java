package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a script has changed, as PostgreSQL counts it within its transaction. */
final class ScriptTraces {
  private static final String FILES =
      "SELECT oid::bigint, pg_relation_filenode(oid)::bigint FROM pg_class"
          + " WHERE relkind IN ('r', 'm') AND pg_relation_filenode(oid) IS NOT NULL";

  private static final String COUNTED =
      """
      SELECT relid::bigint, schemaname = 'pg_catalog', relname FROM pg_stat_xact_all_tables
      WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND schemaname <> 'pg_toast'\
      """;

  private final Map<Long, Long> files;
  private final Set<Long> relations = new HashSet<>();
  private final Set<String> catalogs = new HashSet<>();

  private ScriptTraces(Map<Long, Long> files) {
    this.files = files;
  }

  static ScriptTraces begin(Connection connection) throws SQLException {
    return new ScriptTraces(files(connection));
  }

  private static Map<Long, Long> files(Connection connection) throws SQLException {
    Map<Long, Long> files = new HashMap<>();
    Query.rows(
        connection,
        row -> {
          files.put(row.getLong(1), row.getLong(2));
          return null;
        },
        FILES);
    return files;
  }

  /** In the same transaction. */
  void end(Connection connection) throws SQLException {
    Query.rows(
        connection,
        row -> {
          if (row.getBoolean(2)) {
            catalogs.add(row.getString(3));
          } else {
            relations.add(row.getLong(1));
          }
          return null;
        },
        COUNTED);
    files(connection)
        .forEach((relation, file) -> {
          Long before = files.get(relation);
          if (before != null && !before.equals(file)) {
            relations.add(relation);
          }
        });
  }

  Set<Long> relations() {
    return relations;
  }

  /** Names in {@code pg_catalog}. */
  Set<String> catalogs() {
    return catalogs;
  }
}
