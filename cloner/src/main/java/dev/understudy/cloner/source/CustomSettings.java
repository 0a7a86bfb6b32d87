package dev.understudy.cloner.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings that production's administrators made up for the code in its databases, as {@code
 * shop.tenant}: a policy or a function that asks for one fails where it is not set. PostgreSQL
 * tells of them only in what it has read of its files, which not every role may see.
 */
final class CustomSettings {
  /** The one is about a server's log, the other about how much memory it takes. */
  private static final String OF_LIBRARIES = "^(auto_explain|pg_stat_statements)[.]";

  /** What opens something, or is a place or a program of production's host. */
  private static final String TELLTALE =
      "(passw|secret|token|credential|(^|[._])(key|dsn|url|uri|host|hosts|conninfo|command|script"
          + "|path|file|dir|directory)($|[._]))";

  private static final String IN_FILES =
      "SELECT name, setting FROM pg_file_settings WHERE applied AND setting IS NOT NULL"
          + " AND strpos(name, '.') > 1 AND name !~* '"
          + OF_LIBRARIES
          + "'";

  private static final String HARMLESS = IN_FILES + " AND name !~* '" + TELLTALE + "'";

  private static final String OTHERS = IN_FILES + " AND name ~* '" + TELLTALE + "' ORDER BY name";

  private CustomSettings() {}

  /** Those that clones carry. The session must have a {@code search_path} that can be trusted. */
  static Map<String, String> carried(Connection connection) throws SQLException {
    Map<String, String> settings = new HashMap<>();
    if (mayReadFile(connection)) {
      try (PreparedStatement statement = connection.prepareStatement(HARMLESS);
          ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          settings.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    return settings;
  }

  /** Names of those that clones do not carry, as their values may be secret. */
  static List<String> leftBehind(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    if (mayReadFile(connection)) {
      try (PreparedStatement statement = connection.prepareStatement(OTHERS);
          ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }

  /** Whether our role sees what the server has read of its files. */
  static boolean mayReadFile(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT has_function_privilege('pg_show_all_file_settings()', 'EXECUTE')"
                    + " AND has_table_privilege('pg_file_settings', 'SELECT')");
        ResultSet rows = statement.executeQuery()) {
      return rows.next() && rows.getBoolean(1);
    }
  }
}
