package dev.understudy.cloner.environment;

import dev.understudy.cloner.postgres.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** Asks {@code pg_stat_activity}, as the bootstrap superuser, over the server's socket. */
final class SqlServerWatch implements ServerWatch {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String UNDEFINED_DATABASE = "3D000";

  /** Any of them may have been dropped. */
  private static final List<String> DATABASES = List.of("postgres", "template1");

  /**
   * A session that hides what it does ({@code track_activities} off: state is {@code disabled}) is
   * at work unless it waits for its client. One that is still logging in has no state.
   */
  private static final String QUERY =
      """
      SELECT count(*) FILTER (
               WHERE backend_type = 'walsender'
                  OR state IN ('active', 'fastpath function call')
                  OR state = 'disabled' AND wait_event IS DISTINCT FROM 'ClientRead'),
             extract(epoch FROM min(clock_timestamp() - state_change) FILTER (
               WHERE state IN ('idle in transaction', 'idle in transaction (aborted)')))
        FROM pg_catalog.pg_stat_activity
       WHERE pid <> pg_catalog.pg_backend_pid()
         AND backend_type IN ('client backend', 'walsender')
      """;

  @Override
  public ServerWork look(Path socket, String superuser) throws SQLException {
    SQLException undefined = null;
    for (String database : DATABASES) {
      try (Connection connection = Sql.connect(socket, database, superuser, TIMEOUT)) {
        return ask(connection);
      } catch (SQLException e) {
        if (!UNDEFINED_DATABASE.equals(e.getSQLState())) {
          throw e;
        }
        undefined = e;
      }
    }
    throw undefined == null ? new SQLException("no database to ask") : undefined;
  }

  private static ServerWork ask(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      double seconds = row.getDouble(2);
      boolean none = row.wasNull();
      return new ServerWork(
          row.getLong(1) > 0, none ? null : Duration.ofMillis((long) (seconds * 1000)));
    }
  }
}
