package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.SnapshotPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a source has snapshots as its policy says: on schedule, on demand, again after a
 * failure, and no more than it keeps. At most one is cut at a time.
 *
 * <p>Everything is done by one thread of its own, which begins with {@link #start} and ends with
 * {@link #close}; other methods are thread-safe and do not block.
 */
public final class SnapshotKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);
  private static final String FAILED = "the snapshot could not be cut";

  private final Mirror mirror;
  private final Supplier<SnapshotPolicy> policy;
  private final SnapshotCutter cutter;
  private final SnapshotStore store;
  private final Supplier<CopyListener> listeners;
  private final Runnable onPublished;
  private final InstantSource clock;
  private final Timetable timetable;
  private final Thread thread;
  private volatile CutStatistics statistics = CutStatistics.NONE;
  private @Nullable CompletableFuture<Snapshot> requested;
  private boolean closed;

  /**
   * @param policy that of now
   * @param listeners one for each copy
   * @param onPublished told of each new snapshot; must not block
   * @param zone of the schedule, as it is now
   */
  public SnapshotKeeper(
      Mirror mirror,
      Supplier<SnapshotPolicy> policy,
      SnapshotCutter cutter,
      SnapshotStore store,
      Supplier<CopyListener> listeners,
      Runnable onPublished,
      InstantSource clock,
      Supplier<ZoneId> zone) {
    this.mirror = requireNonNull(mirror, "mirror is null");
    this.policy = requireNonNull(policy, "policy is null");
    this.cutter = requireNonNull(cutter, "cutter is null");
    this.store = requireNonNull(store, "store is null");
    this.listeners = requireNonNull(listeners, "listeners is null");
    this.onPublished = requireNonNull(onPublished, "onPublished is null");
    this.clock = requireNonNull(clock, "clock is null");
    Instant since = store.newest(mirror.name()).map(Snapshot::createdAt).orElseGet(clock::instant);
    this.timetable =
        new Timetable(() -> new Timetable.Plan(policy.get().schedule(), zone.get()), clock, since);
    this.thread =
        Thread.ofPlatform().daemon().name("snapshots-" + mirror.name()).unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /**
   * Cuts a snapshot that holds everything committed before this call. Requests that come while one
   * is cut share the next. Fails with {@link SnapshotException} and nothing else.
   */
  public synchronized CompletableFuture<Snapshot> cut() {
    if (closed) {
      return CompletableFuture.failedFuture(shuttingDown());
    }
    if (requested == null) {
      requested = new CompletableFuture<>();
      notifyAll();
    }
    return requested.copy();
  }

  /**
   * Policy or zone may be other ones: the next snapshot is cut as they say now. Those too many go
   * with it.
   */
  public synchronized void settingsChanged() {
    notifyAll();
  }

  /** What has come of it so far. Cheap. */
  public CutStatistics statistics() {
    return statistics;
  }

  /** Ends what is going on, and returns when nothing of it is left. Idempotent. */
  public void close() throws InterruptedException {
    synchronized (this) {
      closed = true;
    }
    thread.interrupt();
    thread.join(); // returns at once if it was never started
    synchronized (this) {
      if (requested != null) {
        requested.completeExceptionally(shuttingDown());
        requested = null;
      }
    }
  }

  private void run() {
    try {
      prune();
      while (true) {
        CompletableFuture<Snapshot> request = await();
        if (request != null || isChanged()) {
          cut(request);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Until a snapshot is due, or requested. */
  private synchronized @Nullable CompletableFuture<Snapshot> await() throws InterruptedException {
    while (!closed) {
      if (requested != null) {
        CompletableFuture<Snapshot> request = requested;
        requested = null;
        return request;
      }
      Optional<Duration> wait = timetable.untilDue();
      if (wait.isEmpty()) {
        wait();
      } else if (wait.get().isPositive()) {
        // Never long at once: the clock may be set.
        wait(Math.clamp(wait.get().toMillis(), 1, 1_000));
      } else {
        return null;
      }
    }
    throw new InterruptedException("closed");
  }

  private boolean isChanged() throws InterruptedException {
    Optional<Snapshot> newest = store.newest(mirror.name());
    if (newest.isEmpty() || newest.get().position() == null) {
      return true;
    }
    try {
      boolean changed = mirror.isChangedSince(newest.get().position());
      if (!changed) {
        LOG.info(
            "source {}: nothing was written since snapshot {}; it stays the newest",
            mirror.name(),
            newest.get().id());
        statistics = statistics.passedBy();
        timetable.succeeded();
      }
      return changed;
    } catch (SourceException e) {
      if (e.kind() != SourceException.Kind.CONNECTION) {
        return true; // the copy meets the same, and says it
      }
      failed(SnapshotException.of(e));
      return false;
    } catch (RuntimeException e) {
      return true; // that, too
    }
  }

  private void cut(@Nullable CompletableFuture<Snapshot> request) throws InterruptedException {
    try {
      LOG.info(
          "source {}: cutting a snapshot of {}{}",
          mirror.name(),
          mirror.describe(),
          mirror
              .lag()
              .map(lag ->
                  ", %d bytes and %d s behind".formatted(lag.bytes(), lag.time().toSeconds()))
              .orElse(""));
      long began = System.nanoTime();
      Snapshot snapshot = cutter.cut(mirror, listeners.get());
      statistics = statistics.succeeded(Duration.ofNanos(System.nanoTime() - began));
      timetable.succeeded();
      onPublished.run();
      if (request != null) {
        request.complete(snapshot);
      }
      prune();
    } catch (InterruptedException e) {
      failed(request, shuttingDown());
      throw e;
    } catch (SnapshotException e) {
      failed(e);
      failed(request, e);
    } catch (RuntimeException | Error e) {
      statistics = statistics.failedOnce(clock.instant(), FAILED);
      timetable.failed();
      LOG.error("source {}: a snapshot could not be cut", mirror.name(), e);
      failed(
          request,
          new SnapshotException(SnapshotException.Kind.PREPARATION, FAILED, e.toString(), null, e));
    }
  }

  private void failed(SnapshotException e) {
    Duration pause = timetable.failed();
    statistics = statistics.failedOnce(clock.instant(), String.valueOf(e.getMessage()));
    LOG.warn(
        "source {}: {}{}\nHINT: {}\n{} It is tried again in {} min.",
        mirror.name(),
        e.getMessage(),
        e.detail() == null ? "" : "\n" + e.detail(),
        e.hint() == null ? "none" : e.hint(),
        store.newest(mirror.name()).isPresent()
            ? "The snapshots that there are stay in service."
            : "No environment of this source can be made until there is one.",
        pause.toMinutes());
  }

  private static void failed(
      @Nullable CompletableFuture<Snapshot> request, SnapshotException failure) {
    if (request != null) {
      request.completeExceptionally(failure);
    }
  }

  private void prune() throws InterruptedException {
    for (Snapshot removed : store.prune(mirror.name(), policy.get().keep())) {
      LOG.info(
          "source {}: removed snapshot {} of {}", mirror.name(), removed.id(), removed.dataTime());
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("closed");
    }
  }

  private SnapshotException shuttingDown() {
    return new SnapshotException(
        SnapshotException.Kind.STORAGE, "the daemon is shutting down", null, null, null);
  }
}
