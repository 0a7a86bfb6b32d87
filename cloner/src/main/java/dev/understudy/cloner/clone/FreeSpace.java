package dev.understudy.cloner.clone;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolFullException;
import java.io.IOException;

/**
 * Keeps some of the pool free: a full one stops every clone on it, not only the last. Counts the
 * copies under way, so that those made side by side do not all take the same space for theirs.
 * Thread-safe.
 */
final class FreeSpace {
  private final Pool pool;
  private long reserved;

  FreeSpace(Pool pool) {
    this.pool = pool;
  }

  /**
   * Takes room for a copy until closed.
   *
   * @throws CloneException STORAGE_FULL if less of the pool would be free than is to stay so
   */
  Reservation reserve(Template template) throws CloneException {
    try {
      return reserve(pool.sharesBlocks() ? 0 : template.sizeBytes());
    } catch (PoolFullException e) {
      throw new CloneException(
          Reason.STORAGE_FULL, "the pool is nearly full", e.getMessage() + ".", e);
    } catch (IOException e) {
      throw new CloneException(
          Reason.COPY_FAILED, "the pool does not tell its free space", e.getMessage(), e);
    }
  }

  private synchronized Reservation reserve(long wanted) throws IOException {
    pool.requireRoom(reserved + wanted);
    reserved += wanted;
    return () -> release(wanted);
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
