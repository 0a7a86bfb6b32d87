package dev.understudy.cloner.standby;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Short answers to queries. */
final class Rows {
  private Rows() {}

  /** The first column of the only row, which is not null. */
  static String text(Connection connection, String query) throws SQLException {
    List<String> all = texts(connection, query);
    if (all.size() != 1) {
      throw new SQLException("not one row: " + query);
    }
    return all.getFirst();
  }

  /** The first column of all rows. */
  static List<String> texts(Connection connection, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(String.valueOf(rows.getString(1)));
      }
    }
    return texts;
  }

  static boolean isTrue(Connection connection, String query) throws SQLException {
    return text(connection, query).equals("t");
  }

  static long number(Connection connection, String query) throws SQLException {
    return Long.parseLong(text(connection, query));
  }
}
