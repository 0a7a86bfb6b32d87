package dev.understudy.cloner.standby;

import dev.understudy.cloner.source.InterruptibleSql;
import dev.understudy.cloner.source.SourceException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A talk with a server that an interrupt ends soon, as {@link InterruptibleSql} does it. */
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
    try {
      return InterruptibleSql.attempt(
          step::run,
          worker -> {
            InterruptibleSql.abort(connection);
            worker.interrupt(); // it may be between two questions
          });
    } catch (ExecutionException e) {
      rethrow(e.getCause());
      throw new AssertionError("it has thrown", e);
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
