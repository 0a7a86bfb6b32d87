package dev.understudy.cloner.standby;

import dev.understudy.cloner.fake.ForwardingPool;
import dev.understudy.cloner.pool.Pool;
import java.nio.file.Path;

/** A pool whose daemon does not come to remove anything. */
final class NeglectfulPool extends ForwardingPool {
  NeglectfulPool(Pool pool) {
    super(pool);
  }

  @Override
  public void delete(Path tree) {}
}
