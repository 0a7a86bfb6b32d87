package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements on catalogs. */
final class Query {
  private Query() {}

  /** Makes something of a row. */
  @FunctionalInterface
  interface Row<T> {
    @Nullable T read(ResultSet row) throws SQLException;
  }

  /** What is made of all rows, but for null; of a statement that may have parameters. */
  static <T> List<T> rows(Connection connection, Row<T> reader, String query, Object... parameters)
      throws SQLException {
    List<T> all = new ArrayList<>();
    try (PreparedStatement statement = prepared(connection, query, parameters);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        T read = reader.read(rows);
        if (read != null) {
          all.add(read);
        }
      }
    }
    return all;
  }

  static List<Long> numbers(Connection connection, String query, Object... parameters)
      throws SQLException {
    return rows(connection, row -> row.getLong(1), query, parameters);
  }

  static int update(Connection connection, String command, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepared(connection, command, parameters)) {
      return statement.executeUpdate();
    }
  }

  static void execute(Connection connection, String... commands) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    }
  }

  /** As a parameter for {@code = ANY (?)}. */
  static Object array(Connection connection, Collection<? extends Number> numbers)
      throws SQLException {
    return connection.createArrayOf("int8", numbers.toArray());
  }

  private static PreparedStatement prepared(
      Connection connection, String query, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(query);
    try {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
