package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.Flushed;
import dev.understudy.cloner.trash.Trash;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings to the disk what environments wrote that were put to sleep to make room for others, and
 * what was awake when it came into the trash. Where one gives way, more follow, and others wait for
 * that very disk: so it is done for all of some time together. Thread-safe; never blocks.
 */
final class Settling {
  /** As seldom as file systems do it by themselves. */
  static final Duration DELAY = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

  private final Clones clones;
  private final Trash trash;
  private final Alarms alarms;
  private final Executor threads;

  // Guarded by this.
  private List<Environment> waiting = new ArrayList<>();
  private boolean due;
  private CompletableFuture<Void> lastFlush = CompletableFuture.completedFuture(null);

  Settling(Clones clones, Trash trash, Alarms alarms, Executor threads) {
    this.clones = requireNonNull(clones, "clones is null");
    this.trash = requireNonNull(trash, "trash is null");
    this.alarms = requireNonNull(alarms, "alarms is null");
    this.threads = requireNonNull(threads, "threads is null");
  }

  /** Nothing is done for one that does not sleep by then, or is on disk. */
  synchronized void add(Environment environment) {
    waiting.add(environment);
    beginSoon();
  }

  /** Nothing is done where all that is in the trash is on disk. */
  void addTrash() {
    if (trash.clones().stream().anyMatch(Clone::isUnsettled)) {
      beginSoon();
    }
  }

  private synchronized void beginSoon() {
    if (!due) {
      due = true;
      alarms.in(DELAY, this::begin);
    }
  }

  /** Completes when all that is due is on disk, or has failed to be, and its owners are asked. */
  synchronized CompletableFuture<Void> lastFlush() {
    return lastFlush;
  }

  private synchronized void begin() {
    List<Environment> batch = waiting;
    waiting = new ArrayList<>();
    due = false;
    lastFlush = CompletableFuture.runAsync(() -> flush(batch), threads);
  }

  private void flush(List<Environment> batch) {
    try {
      List<Clone> stopped = new ArrayList<>(trash.clones());
      batch.stream().map(Settling::target).filter(Objects::nonNull).forEach(stopped::add);
      Flushed flushed = clones.flush(stopped);
      trash.settle(flushed);
      for (Environment environment : batch) {
        environment.serial().execute(() -> settle(environment, flushed));
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("what environments wrote stays where it is, as the daemon ends");
    } catch (IOException e) {
      LOG.warn("what stopped servers wrote did not reach the disk: {}", e.toString());
      tryAgain(batch);
    } catch (Throwable e) { // there may be no memory for it now
      LOG.error("what stopped servers wrote did not reach the disk", e);
      tryAgain(batch);
    }
  }

  private void tryAgain(List<Environment> batch) {
    batch.forEach(this::add);
    beginSoon();
  }

  private static void settle(Environment environment, Flushed flushed) {
    Clone clone = target(environment);
    if (clone == null) {
      return;
    }
    try {
      if (flushed.settle(clone)) {
        environment.forceRecord();
      }
    } catch (IOException e) {
      LOG.warn("{}: that it is on disk could not be recorded: {}", clone, e.toString());
    }
  }

  private static @Nullable Clone target(Environment environment) {
    Pointer pointer = environment.pointer();
    return pointer == null ? null : pointer.target();
  }
}
