package dev.understudy.proxy.console;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The command that a session waits for, which a cancel request ends the wait for. Thread-safe. */
final class Current {
  private volatile @Nullable CompletableFuture<ConsoleResult> wait;

  /** The same statement, such that {@link #cancel} ends the wait for it. */
  ConsoleStatement watched(ConsoleStatement statement) {
    return new ConsoleStatement() {
      @Override
      public List<Column> columns() {
        return statement.columns();
      }

      @Override
      public CompletableFuture<ConsoleResult> execute() {
        // Of its own: what was begun goes on, and may have others who wait for it.
        CompletableFuture<ConsoleResult> own = statement.execute().copy();
        wait = own;
        return own;
      }
    };
  }

  /** Does nothing once the command has ended. */
  void cancel() {
    CompletableFuture<ConsoleResult> running = wait;
    if (running != null) {
      running.completeExceptionally(
          new ConsoleException(
              "57014",
              "canceling statement due to user request",
              "What the command has begun goes on.",
              null));
    }
  }
}
