package dev.understudy.cloner.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets an interrupt end what waits for an answer of PostgreSQL. A thread that reads from a socket
 * is deaf to it, so another one reads, and the one that was interrupted cuts the line.
 */
public final class InterruptibleSql {
  /** Talks to a server. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws SQLException;
  }

  private InterruptibleSql() {}

  /**
   * Does the work and returns what it returned. It has ended in any case when this returns.
   *
   * @param cut makes the work fail soon; called once, when the calling thread is interrupted
   */
  public static <T> T call(Work<T> work, Runnable cut) throws SQLException, InterruptedException {
    try {
      return attempt(work::run, worker -> cut.run());
    } catch (ExecutionException e) {
      throw rethrow(e.getCause());
    }
  }

  /**
   * The same for work that throws more than that.
   *
   * @param cut as above; gets the thread that works
   * @throws ExecutionException with what the work has thrown
   */
  public static <T> T attempt(Callable<T> work, Consumer<Thread> cut)
      throws ExecutionException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread worker = Thread.ofPlatform().daemon().name("sql").start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      cut.accept(worker);
      awaitEnd(worker);
      throw e;
    }
  }

  /**
   * Does work on a connection, which an interrupt aborts: it is of no use then, but for being
   * closed by its owner.
   */
  public static <T> T call(Connection connection, Work<T> work)
      throws SQLException, InterruptedException {
    return call(work, () -> abort(connection));
  }

  /** What waits for an answer on it fails soon. */
  public static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // Its owner closes it in any case; then the wait was for nothing but an answer.
    }
  }

  private static void awaitEnd(Thread worker) {
    boolean again = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        again = true;
      }
    }
    if (again) {
      Thread.currentThread().interrupt();
    }
  }

  private static SQLException rethrow(@Nullable Throwable cause) {
    return switch (cause) {
      case SQLException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> throw new AssertionError("work throws nothing else", cause);
    };
  }
}
