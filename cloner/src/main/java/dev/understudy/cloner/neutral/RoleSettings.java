package dev.understudy.cloner.neutral;

import dev.understudy.cloner.postgres.PreloadLibraries;
import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.RecoveredCopy;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes out of the settings of roles and databases those that load code or name directories of
 * production's host; with them a session in a clone might not even begin. All others stay. What
 * concerns archiving and replication can be set for the whole server only, which is ours.
 */
final class RoleSettings implements PreparationStep {
  private static final Set<String> LIBRARIES =
      Set.of("session_preload_libraries", "local_preload_libraries");

  private static final Set<String> DIRECTORIES =
      Set.of("dynamic_library_path", "extension_control_path");

  private static final String SETTINGS =
      """
      SELECT d.datname, r.rolname, pg_catalog.split_part(entry, '=', 1),
        pg_catalog.substr(entry, pg_catalog.strpos(entry, '=') + 1)
      FROM pg_catalog.pg_db_role_setting s CROSS JOIN pg_catalog.unnest(s.setconfig) entry
        LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
        LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
      WHERE (d.oid IS NOT NULL OR s.setdatabase = 0) AND (r.oid IS NOT NULL OR s.setrole = 0)
      ORDER BY 1, 2, 3\
      """;

  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    for (List<String> row : Query.rows(copy.session(), SETTINGS)) {
      String name = row.get(2).toLowerCase(Locale.ROOT);
      if (LIBRARIES.contains(name) || DIRECTORIES.contains(name)) {
        change(copy, row.getFirst(), row.get(1), name, row.get(3));
      }
    }
  }

  /**
   * @param database empty: all
   * @param role empty: all
   */
  private static void change(
      RecoveredCopy copy, String database, String role, String name, String value)
      throws SQLException {
    String left = LIBRARIES.contains(name) ? PreloadLibraries.harmless(value) : "";
    if (!left.isEmpty() && left.equals(value)) {
      return;
    }
    String whose = role.isEmpty() ? "ALL" : SqlText.identifier(role);
    String where = database.isEmpty() ? "" : " IN DATABASE " + SqlText.identifier(database);
    String change = left.isEmpty() ? " RESET " + name : " SET %s = %s".formatted(name, left);
    Query.execute(copy.session(), "ALTER ROLE " + whose + where + change);
    copy.found(
        Kind.ROLE_SETTING,
        database.isEmpty() ? null : database,
        role.isEmpty() ? name : name + " of " + role,
        left.isEmpty() ? "taken out" : "left with " + left);
  }
}
