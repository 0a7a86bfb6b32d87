package dev.understudy.cloner.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What of production's talks to other servers, or keeps something for them, and is in no copy. By
 * name: the values hold secrets.
 *
 * @param settings that archive, follow, replicate or load libraries, or may be secret
 * @param slots replication slots
 * @param others what else did not come along, or came along changed
 */
public record LeftBehind(List<String> settings, List<String> slots, List<LeftOut> others) {
  private static final String SETTINGS =
      """
      SELECT name FROM pg_settings
      WHERE name IN ('archive_command', 'archive_library', 'restore_command',
          'archive_cleanup_command', 'recovery_end_command', 'primary_conninfo',
          'primary_slot_name', 'synchronous_standby_names', 'synchronized_standby_slots',
          'sync_replication_slots', 'session_preload_libraries', 'local_preload_libraries')
        AND setting NOT IN ('', '(disabled)', 'off')
        AND source NOT IN ('default', 'client', 'session', 'user', 'database', 'database user')
      ORDER BY name\
      """;

  private static final String SLOTS =
      "SELECT slot_name FROM pg_replication_slots WHERE NOT temporary ORDER BY slot_name";

  public LeftBehind {
    settings = List.copyOf(settings);
    slots = List.copyOf(slots);
    others = List.copyOf(others);
  }

  /** Where everything else came along as it was. */
  public LeftBehind(List<String> settings, List<String> slots) {
    this(settings, slots, List.of());
  }

  public LeftBehind with(List<LeftOut> others) {
    return new LeftBehind(settings, slots, others);
  }

  /** The session must have a {@code search_path} that can be trusted. */
  public static LeftBehind read(Connection connection) throws SQLException {
    List<String> settings = names(connection, SETTINGS);
    settings.addAll(CustomSettings.leftBehind(connection));
    return new LeftBehind(settings, names(connection, SLOTS));
  }

  private static List<String> names(Connection connection, String query) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }
}
