package dev.understudy.cloner.clone;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.snapshot.Snapshot;
import java.io.IOException;

/**
 * Keeps some of the pool free: a full one stops every clone on it, not only the last. Counts the
 * copies under way, so that those made side by side do not all take the same space for theirs.
 * Thread-safe.
 */
final class FreeSpace {
  static final long FLOOR_BYTES = 256L << 20;

  private final Pool pool;
  private long reserved;

  FreeSpace(Pool pool) {
    this.pool = pool;
  }

  /**
   * Takes room for a copy until closed.
   *
   * @throws CloneException STORAGE_FULL if the pool would fall below the floor
   */
  synchronized Reservation reserve(Snapshot snapshot) throws CloneException {
    long wanted = pool.sharesBlocks() ? 0 : snapshot.sizeBytes();
    long free = free();
    if (free - reserved - wanted < FLOOR_BYTES) {
      throw new CloneException(
          Reason.STORAGE_FULL,
          "the pool is nearly full",
          "%d MiB are free; a clone of %s needs %d MiB, and %d MiB stay free for those that run."
              .formatted(
                  (free - reserved) >> 20, snapshot.source(), wanted >> 20, FLOOR_BYTES >> 20),
          null);
    }
    reserved += wanted;
    return () -> release(wanted);
  }

  private long free() throws CloneException {
    try {
      return pool.freeBytes();
    } catch (IOException e) {
      throw new CloneException(
          Reason.COPY_FAILED, "the pool does not tell its free space", e.getMessage(), e);
    }
  }

  private synchronized void release(long bytes) {
    reserved -= bytes;
  }

  /** Room that was promised to a copy. */
  interface Reservation extends AutoCloseable {
    @Override
    void close();
  }
}
