package dev.understudy.cloner.clone;

import dev.understudy.cloner.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A session of the daemon's own with the server of a clone, which may mean ill. */
final class BriefSession {
  /** Any of them may have been dropped, or closed to us. */
  private static final List<String> DATABASES = List.of("postgres", "template1");

  private BriefSession() {}

  /** As {@link #in}, in whichever database lets us in. */
  static <T> T inAny(Clone clone, Duration patience, Work<T> work)
      throws SQLException, InterruptedException {
    return run(patience, () -> inAny(clone, DATABASES, patience, work));
  }

  /**
   * As the superuser of the copy. Blocks, and no longer than {@code patience}, whatever the server
   * does.
   */
  static <T> T in(Clone clone, String database, Duration patience, Work<T> work)
      throws SQLException, InterruptedException {
    return run(patience, () -> inAny(clone, List.of(database), patience, work));
  }

  /** A virtual thread in the driver's system calls would hold its carrier. */
  static <T> T run(Duration patience, Attempt<T> attempt)
      throws SQLException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(attempt::run);
    Thread.ofPlatform().daemon().name("brief-session").start(task);
    try {
      return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SQLException failure
          ? new SQLException(failure.getMessage(), failure.getSQLState(), failure)
          : new SQLException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new SQLTimeoutException("no answer in %d ms".formatted(patience.toMillis()), e);
    }
  }

  private static <T> T inAny(Clone clone, List<String> databases, Duration patience, Work<T> work)
      throws SQLException {
    SQLException last = new SQLException("no database");
    for (String database : databases) {
      try (Connection connection =
          Sql.connectBriefly(clone.socket(), database, clone.origin().superuser(), patience)) {
        return work.in(connection);
      } catch (SQLException e) {
        last = e;
      }
    }
    throw last;
  }

  /** What is to be done. */
  @FunctionalInterface
  interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /** The same, with its connection. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws Exception;
  }
}
