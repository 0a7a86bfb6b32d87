package dev.understudy.cloner.idle;

import dev.understudy.cloner.postgres.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks {@code pg_stat_activity}, as the bootstrap superuser, over the server's socket. A superuser
 * of the clone can make the server answer anything, slowly, or never: one look ends in time however
 * little of the answer is there, and what it may hold up is a thread of its own.
 */
public final class SqlServerWatch implements ServerWatch {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** For a thread whose connection has been closed to notice. */
  private static final Duration REMAINDER = Duration.ofSeconds(2);

  /** Any of them may have been dropped, or closed to us. */
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
               WHERE state IN ('idle in transaction', 'idle in transaction (aborted)'))),
             count(*) FILTER (
               WHERE state IN ('idle in transaction', 'idle in transaction (aborted)'))
        FROM pg_catalog.pg_stat_activity
       WHERE pid <> pg_catalog.pg_backend_pid()
         AND backend_type IN ('client backend', 'walsender')
      """;

  @Override
  public ServerWork look(Path socket, String superuser) throws SQLException {
    // A virtual thread in the driver's system calls would hold its carrier.
    FutureTask<ServerWork> look = new FutureTask<>(() -> tryEach(socket, superuser));
    Thread.ofPlatform().daemon().name("look").start(look);
    try {
      return look.get(TIMEOUT.plus(REMAINDER).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException sql ? sql : new SQLException(e.getCause());
    } catch (TimeoutException e) {
      throw new SQLException("no answer within " + TIMEOUT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while asking", e);
    }
  }

  private static ServerWork tryEach(Path socket, String superuser) throws SQLException {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    SQLException last = new SQLException("no answer within " + TIMEOUT);
    for (String database : DATABASES) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (!left.isPositive()) {
        break;
      }
      try (Connection connection = Sql.connectBriefly(socket, database, superuser, left)) {
        return ask(connection);
      } catch (SQLException e) {
        last = e;
      }
    }
    throw last;
  }

  private static ServerWork ask(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      double seconds = row.getDouble(2);
      boolean none = row.wasNull();
      return new ServerWork(
          row.getLong(1) > 0,
          none ? null : Duration.ofMillis((long) (seconds * 1000)),
          (int) Math.min(Integer.MAX_VALUE, row.getLong(1) + row.getLong(3)));
    }
  }
}
