package dev.understudy.cloner.environment;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/**
 * Holds the serial executor of an environment: nothing changes the environment until this is closed
 * or the daemon ends. Who holds one holds no other, so two cannot wait for each other.
 */
final class Hold implements AutoCloseable {
  private final CountDownLatch released = new CountDownLatch(1);

  private Hold() {}

  /** Returns after all that was asked of the environment before is done. Blocks. */
  static Hold of(Environment environment) throws EnvironmentUnavailable, InterruptedException {
    Hold hold = new Hold();
    CompletableFuture<Boolean> granted = new CompletableFuture<>();
    boolean held = false;
    try {
      environment.tasks().execute(() -> hold.stay(granted), granted);
      held = granted.get();
      return hold;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof EnvironmentUnavailable unavailable
          ? unavailable
          : Refusals.unexpected(environment.name(), e);
    } finally {
      if (!held) {
        hold.close(); // it may be granted to nobody later
      }
    }
  }

  private void stay(CompletableFuture<Boolean> granted) {
    granted.complete(true);
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nothing more is done in this daemon
    }
  }

  /** Idempotent. */
  @Override
  public void close() {
    released.countDown();
  }
}
