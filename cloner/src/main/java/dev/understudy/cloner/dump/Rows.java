package dev.understudy.cloner.dump;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Questions and commands, in few words. */
final class Rows {
  private Rows() {}

  /** Makes something of a row. */
  @FunctionalInterface
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** All rows; parameters are texts, text arrays or numbers. */
  static <T> List<T> all(Connection connection, String query, Mapper<T> mapper, Object... values)
      throws SQLException {
    List<T> all = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < values.length; i++) {
        if (values[i] instanceof String[] texts) {
          statement.setArray(i + 1, connection.createArrayOf("text", texts));
        } else {
          statement.setObject(i + 1, values[i]);
        }
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          all.add(mapper.map(rows));
        }
      }
    }
    return all;
  }

  static String text(Connection connection, String query) throws SQLException {
    return all(connection, query, row -> row.getString(1)).getFirst();
  }

  static boolean isTrue(Connection connection, String query) throws SQLException {
    return all(connection, query, row -> row.getBoolean(1)).getFirst();
  }

  static void execute(Connection connection, String... commands) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }
}
