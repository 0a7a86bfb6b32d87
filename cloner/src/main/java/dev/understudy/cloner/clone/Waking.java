package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The record that the data of a clone, which was whole on disk, is about to be written without
 * being synced. The disk takes its time over it: meanwhile the sandbox is made.
 */
final class Waking implements AutoCloseable {
  private final CompletableFuture<Void> recorded;

  private Waking(CompletableFuture<Void> recorded) {
    this.recorded = recorded;
  }

  /** Nobody else may record anything of the clone until it is closed, or was awaited. */
  static Waking begin(Clone clone, String bootId) {
    if (clone.isDurable() || !clone.record().isOnDisk()) {
      return new Waking(CompletableFuture.completedFuture(null));
    }
    return new Waking(
        CompletableFuture.runAsync(
            () -> {
              try {
                clone.record(clone.record().waking(bootId));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            Thread::startVirtualThread));
  }

  /** The record is on disk when this returns. Not interruptible. */
  void await() throws IOException {
    try {
      recorded.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException failure) {
        throw requireNonNull(failure.getCause());
      }
      throw e;
    }
  }

  /** Waits for it as well, where the start has failed for another reason. */
  @Override
  public void close() {
    var _ = recorded.exceptionally(failure -> null).join();
  }
}
