package dev.understudy.cloner;

import dev.understudy.cloner.alarm.HostTime;
import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.source.CopyListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A small file system for a daemon, which becomes full at once when that comes to a certain point.
 * Thread-safe.
 */
final class FullDisk implements AutoCloseable {
  private static final long MEGABYTES = 900;

  private final LoopFileSystem fileSystem;
  private final Set<Step> reached = Collections.synchronizedSet(EnumSet.noneOf(Step.class));
  private volatile @Nullable Object fillAt;
  private volatile @Nullable Thread cutter;

  private FullDisk(LoopFileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /** Points on the way to a snapshot. */
  enum CutPoint {
    COPYING,
    COPIED,
    FIRST_TABLE_MASKED,
    LAST_TABLE_MASKED,
    SEALED
  }

  static FullDisk mount(String type) throws IOException {
    return new FullDisk(LoopFileSystem.mount(type, MEGABYTES));
  }

  /** The daemon's. */
  Path directory() {
    return fileSystem.directory().resolve("d");
  }

  /** At the next time that this is reached. */
  void fillAt(Step step) {
    fillAt = step;
  }

  /** The same. */
  void fillAt(CutPoint point) {
    fillAt = point;
  }

  /** Whether what was waited for has come. */
  boolean isReached() {
    return fillAt == null;
  }

  void fill() {
    try {
      fileSystem.fill();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** There is room, and will be. */
  void makeRoom() throws IOException {
    fillAt = null;
    fileSystem.makeRoom();
  }

  /** Things in a part of the daemon's directory. */
  long count(String part) throws IOException {
    try (var files = Files.list(directory().resolve(part))) {
      return files.count();
    }
  }

  /** Steps that were reached since this was called last, in the order of a life. */
  Set<Step> takeReached() {
    synchronized (reached) {
      Set<Step> taken = EnumSet.noneOf(Step.class);
      taken.addAll(reached);
      reached.clear();
      return taken;
    }
  }

  /** To be told of steps. */
  void reached(Step step) {
    reached.add(step);
    reach(step);
  }

  private void reach(Object point) {
    if (point.equals(fillAt)) {
      fill();
      fillAt = null;
    }
  }

  /** To be told how far a snapshot is, of which that many tables are masked. */
  CopyListener listener(int tables) {
    return new CopyListener() {
      @Override
      public void copied(long files, long bytes, long total) {
        if (files > 100) {
          reach(CutPoint.COPYING);
        }
        if (bytes >= total) {
          reach(CutPoint.COPIED);
        }
      }

      @Override
      public void masked(long done, long bytes, long total) {
        if (done == 1) {
          reach(CutPoint.FIRST_TABLE_MASKED);
        }
        if (done == tables) {
          reach(CutPoint.LAST_TABLE_MASKED);
          cutter = Thread.currentThread();
        }
      }
    };
  }

  /** This host's. Who cuts a snapshot looks at the clock once more when that is sealed. */
  HostTime time() {
    return new HostTime() {
      @Override
      public InstantSource clock() {
        return () -> {
          if (Thread.currentThread().equals(cutter)) {
            cutter = null;
            reach(CutPoint.SEALED);
          }
          return Instant.now();
        };
      }

      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public Duration longestSleep() {
        return HostTime.SYSTEM.longestSleep();
      }
    };
  }

  @Override
  public void close() throws IOException {
    fileSystem.close();
  }
}
