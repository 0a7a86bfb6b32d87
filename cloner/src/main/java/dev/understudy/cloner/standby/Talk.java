package dev.understudy.cloner.standby;

import dev.understudy.cloner.source.SourceException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A talk with a server that an interrupt ends soon: who reads from a socket is deaf to it, so
 * another thread talks, and the one that was interrupted cuts the line.
 */
final class Talk {
  /** What is said. */
  @FunctionalInterface
  interface Step<T> {
    T run() throws SQLException, SourceException, IOException, InterruptedException;
  }

  private Talk() {}

  /** Does the step and returns what it returned. It has ended in any case when this returns. */
  static <T> T call(Connection connection, Step<T> step)
      throws SQLException, SourceException, IOException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(step::run);
    Thread worker = Thread.ofPlatform().daemon().name("talk").start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      abort(connection);
      worker.interrupt();
      awaitEnd(worker);
      throw e;
    } catch (ExecutionException e) {
      rethrow(e.getCause());
      throw new AssertionError("it has thrown", e);
    }
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // Then it waits for nothing but this answer.
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

  private static void rethrow(@Nullable Throwable cause)
      throws SQLException, SourceException, IOException, InterruptedException {
    switch (cause) {
      case SQLException e -> throw e;
      case SourceException e -> throw e;
      case IOException e -> throw e;
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> throw new AssertionError("a step throws nothing else", cause);
    }
  }
}
