package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;

/** Fails to delete once, when it is told to. */
record StumblingPool(Pool pool, AtomicBoolean fails) implements Pool {
  @Override
  public String describe() {
    return pool.describe();
  }

  @Override
  public boolean sharesBlocks() {
    return pool.sharesBlocks();
  }

  @Override
  public void create(Path tree) throws IOException {
    pool.create(tree);
  }

  @Override
  public void copy(Path sealed, Path target) throws IOException {
    pool.copy(sealed, target);
  }

  @Override
  public void sync(Collection<Path> trees) throws IOException {
    pool.sync(trees);
  }

  @Override
  public void seal(Path tree) throws IOException {
    pool.seal(tree);
  }

  @Override
  public void delete(Path tree) throws IOException {
    if (fails.getAndSet(false)) {
      throw new IllegalStateException("it stumbles");
    }
    pool.delete(tree);
  }

  @Override
  public long freeBytes() throws IOException {
    return pool.freeBytes();
  }

  @Override
  public Usage usage(Path tree) throws IOException {
    return pool.usage(tree);
  }
}
