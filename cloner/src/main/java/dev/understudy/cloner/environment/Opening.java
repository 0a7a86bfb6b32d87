package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CreationTimings;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One making or starting that several may wait for. */
final class Opening {
  private final CompletableFuture<@Nullable CreationTimings> ready = new CompletableFuture<>();

  /** Nobody else joins it. Guarded by its environment. */
  boolean detached;

  /** How long making took; null if the server was only started or ran already. */
  CompletableFuture<@Nullable CreationTimings> ready() {
    return ready;
  }
}
