package dev.understudy.cloner.fake;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A tree is a directory with one file in it. Fails when told to. */
public final class FakePool implements Pool {
  public final AtomicInteger copies = new AtomicInteger();
  public final List<Path> copied = new CopyOnWriteArrayList<>();
  public volatile Runnable duringCopy = () -> {};
  public final AtomicInteger measures = new AtomicInteger();
  public final AtomicInteger deletions = new AtomicInteger();
  public volatile long freeBytes = 10L << 30;

  /** How much more is free when a tree is gone. */
  public volatile long perTree;

  /** Of each tree. */
  public volatile long privateBytes;

  public volatile boolean sharesBlocks = true;
  public volatile @Nullable IOException copyFailure;
  public volatile @Nullable IOException deleteFailure;

  /** What was synced, by calls. */
  public final List<Collection<Path>> synced = new CopyOnWriteArrayList<>();

  public volatile Runnable duringSync = () -> {};
  public volatile @Nullable IOException syncFailure;

  @Override
  public String describe() {
    return "fake";
  }

  @Override
  public boolean sharesBlocks() {
    return sharesBlocks;
  }

  @Override
  public void create(Path tree) throws IOException {
    Files.createDirectory(tree);
  }

  @Override
  public void copy(Path sealed, Path target) throws IOException {
    copies.incrementAndGet();
    copied.add(sealed);
    duringCopy.run();
    IOException failure = copyFailure;
    if (failure != null) {
      throw failure;
    }
    create(target);
    Files.writeString(target.resolve("PG_VERSION"), "18\n");
  }

  @Override
  public void sync(Collection<Path> trees) throws IOException {
    if (trees.isEmpty()) {
      return;
    }
    IOException failure = syncFailure;
    if (failure != null) {
      throw failure;
    }
    duringSync.run();
    synced.add(trees);
  }

  @Override
  public void seal(Path tree) {}

  @Override
  public void delete(Path tree) throws IOException {
    IOException failure = deleteFailure;
    if (failure != null) {
      throw failure;
    }
    if (!Files.exists(tree)) {
      return;
    }
    deletions.incrementAndGet();
    boolean isTree = tree.endsWith("data");
    try (Stream<Path> paths = Files.walk(tree)) {
      paths
          .sorted(Comparator.reverseOrder())
          .forEach(path -> {
            try {
              Files.delete(path);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    if (isTree) {
      gain(perTree);
    }
  }

  private synchronized void gain(long bytes) {
    long before = freeBytes;
    freeBytes = before + bytes;
  }

  @Override
  public long freeBytes() {
    return freeBytes;
  }

  @Override
  public Usage usage(Path tree) {
    measures.incrementAndGet();
    return new Usage(privateBytes, 0);
  }
}
