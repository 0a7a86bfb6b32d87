package dev.understudy.proxy.environment;

import java.util.concurrent.CompletableFuture;

/** The server behind a name. Called after authentication only. All methods return at once. */
public interface Environments {
  /**
   * Finds the environment, or makes it: one creation however many wait.
   *
   * <p>Completes on any thread; exceptionally with an {@link EnvironmentException} and nothing
   * else. Cancelling the future gives up this wait and never the creation. A lease that completes a
   * cancelled future is closed by the implementation.
   */
  CompletableFuture<Lease> open(OpenRequest request);
}
