package dev.understudy.cloner.fake;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/** A real pool but for what is overridden; the interface's defaults go by that, too. */
public abstract class ForwardingPool implements Pool {
  private final Pool pool;

  protected ForwardingPool(Pool pool) {
    this.pool = pool;
  }

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
  public void copy(Path tree, Path target) throws IOException {
    pool.copy(tree, target);
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
