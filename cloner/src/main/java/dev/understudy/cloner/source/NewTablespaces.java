package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.SourceException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Notices CREATE TABLESPACE while a copy is made. Recovery repeats it, at a location that only
 * production's host has, and gives up.
 */
final class NewTablespaces {
  private final Connection connection;
  private final Map<Long, String> before;

  private NewTablespaces(Connection connection, Map<Long, String> before) {
    this.connection = connection;
    this.before = before;
  }

  /** From now on. To be called before the backup begins. */
  static NewTablespaces watch(Connection connection) throws SQLException {
    requireNonNull(connection, "connection is null");
    return new NewTablespaces(connection, names(connection));
  }

  void requireNone() throws SQLException, SourceException {
    Map<Long, String> now = names(connection);
    now.keySet().removeAll(before.keySet());
    if (!now.isEmpty()) {
      throw new SourceException(
          Kind.COPY,
          "a tablespace was created while production was copied",
          "Tablespaces: %s.".formatted(String.join(", ", new TreeSet<>(now.values()))),
          "Cut the snapshot again; one that is there from the start is copied.");
    }
  }

  private static Map<Long, String> names(Connection connection) throws SQLException {
    Map<Long, String> names = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT oid, quote_ident(spcname) FROM pg_tablespace")) {
      while (rows.next()) {
        names.put(rows.getLong(1), rows.getString(2));
      }
    }
    return names;
  }
}
