package dev.understudy.cloner.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How far a server has written, told by its transactions: whatever is written takes a transaction
 * id, but for the values of sequences alone.
 */
public final class WritePosition {
  /** With those that are under way: one of them may commit and not be the newest. */
  private static final String TRANSACTIONS = "SELECT pg_current_snapshot()::text";

  /** A standby does not name those that are under way, and so its newest commit is told, too. */
  private static final String OF_ANY =
      TRANSACTIONS
          + """
           || CASE WHEN pg_is_in_recovery()
            THEN ' ' || coalesce(pg_last_xact_replay_timestamp()::text, '') ELSE '' END\
          """;

  private WritePosition() {}

  /**
   * The same text twice only if nothing was committed between. The session must have a {@code
   * search_path} that can be trusted.
   */
  public static String of(Connection connection) throws SQLException {
    return text(connection, OF_ANY);
  }

  /** What {@link #of} tells of a primary; of a standby, it is not all. */
  public static String transactions(Connection connection) throws SQLException {
    return text(connection, TRANSACTIONS);
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
