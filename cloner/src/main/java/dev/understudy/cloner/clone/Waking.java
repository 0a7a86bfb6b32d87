package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record that the data of a clone, which was whole on disk, is about to be written without
 * being synced. The disk takes its time over it: meanwhile the sandbox is made.
 */
final class Waking implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Waking.class);

  private final Clone clone;
  private final CloneRecord before;
  private final CloneRecord waking;
  private final CompletableFuture<Void> recorded;

  private Waking(
      Clone clone, CloneRecord before, CloneRecord waking, CompletableFuture<Void> recorded) {
    this.clone = clone;
    this.before = before;
    this.waking = waking;
    this.recorded = recorded;
  }

  /** Nobody else may record anything of the clone until it is closed, or was awaited. */
  static Waking begin(Clone clone, String bootId) {
    CloneRecord before = clone.record();
    if (clone.isDurable() || !before.isOnDisk()) {
      return new Waking(clone, before, before, CompletableFuture.completedFuture(null));
    }
    CloneRecord waking = before.waking(bootId);
    CompletableFuture<Void> recorded =
        CompletableFuture.runAsync(
            () -> {
              try {
                clone.record(waking);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            Thread::startVirtualThread);
    return new Waking(clone, before, waking, recorded);
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

  /** Where the start has failed before a server could run, the data is still whole. */
  @Override
  public void close() {
    var _ = recorded.exceptionally(failure -> null).join();
    if (!waking.equals(before) && waking.equals(clone.record())) {
      try {
        clone.record(before);
      } catch (IOException e) {
        LOG.warn("{}: that its data is whole could not be recorded: {}", clone, e.toString());
      }
    }
  }
}
