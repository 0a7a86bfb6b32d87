package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.fake.ForwardingPool;
import dev.understudy.cloner.pool.Pool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Fails to delete once, when it is told to. */
final class StumblingPool extends ForwardingPool {
  private final AtomicBoolean fails;

  StumblingPool(Pool pool, AtomicBoolean fails) {
    super(pool);
    this.fails = fails;
  }

  @Override
  public void delete(Path tree) throws IOException {
    if (fails.getAndSet(false)) {
      throw new IllegalStateException("it stumbles");
    }
    super.delete(tree);
  }
}
