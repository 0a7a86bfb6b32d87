package dev.understudy.cloner.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The settings of production that clones carry: what planner and clients see, and sizes that must
 * not shrink. Never a path, a library by its path, a command, a password, or anything about
 * logging.
 */
public final class CarriedSettings {
  private static final String NAMED =
      """
      'work_mem', 'maintenance_work_mem', 'hash_mem_multiplier', 'effective_io_concurrency',
      'max_parallel_workers', 'max_parallel_workers_per_gather', 'max_parallel_maintenance_workers',
      'parallel_leader_participation', 'jit', 'jit_above_cost', 'jit_inline_above_cost',
      'jit_optimize_above_cost', 'default_statistics_target', 'max_connections',
      'max_prepared_transactions', 'max_locks_per_transaction', 'max_pred_locks_per_transaction',
      'max_worker_processes', 'max_wal_senders', 'max_replication_slots', 'wal_level',
      'track_commit_timestamp', 'shared_preload_libraries'\
      """;

  private static final String SELECTED =
      """
      (category LIKE 'Query Tuning%'
        OR category LIKE 'Version and Platform Compatibility%'
        OR category IN (
          'Client Connection Defaults / Statement Behavior',
          'Client Connection Defaults / Locale and Formatting')
        OR name IN (NAMED))\
      """
          .replace("NAMED", NAMED);

  /** What our own session, role or database brought along is not what others get. */
  private static final String OVERRIDDEN =
      "source IN ('client', 'session', 'user', 'database', 'database user', 'interactive',"
          + " 'override')";

  private static final String SERVER_WIDE =
      "SELECT name, setting FROM pg_settings WHERE source <> 'default' AND NOT "
          + OVERRIDDEN
          + " AND setting IS NOT NULL AND "
          + SELECTED;

  /** What we have SET ourselves, where RESET would go back to what everybody gets. */
  private static final String RESET =
      """
      SELECT s.name, s.reset_val FROM pg_settings s
      WHERE s.source = 'session' AND s.reset_val IS DISTINCT FROM s.boot_val
        AND NOT EXISTS (
          SELECT FROM pg_db_role_setting, unnest(setconfig) entry
          WHERE setdatabase IN (
              0, (SELECT oid FROM pg_database WHERE datname = current_database()))
            AND setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = session_user))
            AND starts_with(lower(entry), lower(s.name) || '='))
        AND s.name IN (SELECT name FROM pg_settings WHERE SELECTED)\
      """
          .replace("SELECTED", SELECTED);

  private static final String HIDDEN_BY_OUR_SESSION =
      "SELECT s.name, f.setting FROM pg_file_settings f JOIN pg_settings s"
          + " ON lower(s.name) = lower(f.name) WHERE f.applied AND f.setting IS NOT NULL AND s."
          + OVERRIDDEN
          + " AND s.name IN (SELECT name FROM pg_settings WHERE "
          + SELECTED
          + ")";

  private CarriedSettings() {}

  /** The session must have a {@code search_path} that can be trusted. */
  public static Map<String, String> read(Connection connection) throws SQLException {
    Map<String, String> settings = new HashMap<>();
    select(connection, SERVER_WIDE, settings);
    select(connection, RESET, settings);
    if (CustomSettings.mayReadFile(connection)) {
      select(connection, HIDDEN_BY_OUR_SESSION, settings);
    }
    settings.putAll(CustomSettings.carried(connection));
    return settings;
  }

  private static void select(Connection connection, String query, Map<String, String> into)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        into.put(rows.getString(1), rows.getString(2));
      }
    }
  }
}
