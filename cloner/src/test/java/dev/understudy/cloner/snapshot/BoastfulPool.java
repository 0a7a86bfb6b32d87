package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.fake.ForwardingPool;
import dev.understudy.cloner.pool.Pool;

/** Says that it has room for everything. */
final class BoastfulPool extends ForwardingPool {
  BoastfulPool(Pool pool) {
    super(pool);
  }

  @Override
  public long freeBytes() {
    return Long.MAX_VALUE;
  }
}
