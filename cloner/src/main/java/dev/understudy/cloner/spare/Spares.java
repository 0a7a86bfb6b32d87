package dev.understudy.cloner.spare;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.Terms;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.Snapshots;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clones of the newest snapshots, made and started, for names that nobody has connected to yet.
 * Made in the background, one of a source at a time, and only while nothing else waits.
 * Thread-safe.
 *
 * <p>A spare has no owner on disk: one that a daemon left behind is removed by the next.
 */
public final class Spares {
  /** Those who come together with the one who took a spare are served first. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  /** Where there was no room, or it went wrong. */
  static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Spares.class);

  private final Clones clones;
  private final Snapshots snapshots;
  private final Supplier<Map<String, Integer>> wanted;
  private final Semaphore places;
  private final Alarms alarms;
  private final InstantSource clock;
  private final Executor threads;

  // Guarded by this.
  private final Map<String, Due> due = new HashMap<>();
  private final Set<String> making = new HashSet<>();
  private final List<Spare> ready = new ArrayList<>();
  private Supplier<Optional<SparePlace>> room = Optional::empty;
  private boolean begun;
  private boolean closed;

  /**
   * @param wanted how many of now, by source
   * @param places those of the clones that are made or started side by side
   * @param threads for what blocks
   */
  public Spares(
      Clones clones,
      Snapshots snapshots,
      Supplier<Map<String, Integer>> wanted,
      Semaphore places,
      Alarms alarms,
      InstantSource clock,
      Executor threads) {
    this.clones = requireNonNull(clones, "clones is null");
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
    this.wanted = requireNonNull(wanted, "wanted is null");
    this.places = requireNonNull(places, "places is null");
    this.alarms = requireNonNull(alarms, "alarms is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.threads = requireNonNull(threads, "threads is null");
  }

  /** Spares are made from now on. Called once. Does not block. */
  public synchronized void begin(Supplier<Optional<SparePlace>> places) {
    this.room = requireNonNull(places, "places is null");
    this.begun = true;
    wanted.get().keySet().forEach(source -> lookIn(source, PAUSE));
  }

  /** Other numbers may be wanted: more are made, those too many removed. Does not block. */
  public void settingsChanged() {
    wanted.get().keySet().forEach(source -> lookIn(source, PAUSE));
  }

  /** There is a new snapshot: the spares of older ones are replaced. Does not block. */
  public void renew(String source) {
    lookIn(source, PAUSE);
  }

  /**
   * Takes a spare of that very snapshot, whose server runs. It and its place are the caller's from
   * then on; another one is made behind it. Does not block.
   */
  public Optional<Spare> take(Snapshot snapshot) {
    Optional<Spare> taken =
        remove(spare -> spare.isOf(snapshot.source(), snapshot.id()) && spare.runs());
    lookIn(snapshot.source(), PAUSE);
    return taken;
  }

  /** One that was taken, and that nobody has used, is for others. Blocks only after the end. */
  public void giveBack(Spare unused) {
    if (!keep(unused)) {
      end(unused);
    }
    lookIn(unused.target().origin().source(), PAUSE); // there may be one behind it by now
  }

  /** Removes a spare, to make room; its server has ended then. False if there is none. Blocks. */
  public boolean giveWay() {
    Optional<Spare> spare = remove(any -> true);
    spare.ifPresent(gone -> {
      end(gone);
      String source = gone.target().origin().source();
      forget(source);
      lookIn(source, LOOK_AGAIN);
    });
    return spare.isPresent();
  }

  /** Those that are ready. */
  public synchronized List<Clone> clones() {
    return ready.stream().map(Spare::target).toList();
  }

  /** Ends all; none is made any more. Blocks. Idempotent. */
  public void close() {
    List<Spare> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(ready);
      ready.clear();
    }
    left.forEach(this::end);
  }

  private synchronized Optional<Spare> remove(Predicate<Spare> wish) {
    Optional<Spare> found = ready.stream().filter(wish).findFirst();
    found.ifPresent(ready::remove);
    return found;
  }

  /** Removes one that was taken, and gives its place back; its server has ended then. Blocks. */
  public void end(Spare spare) {
    clones.remove(spare.target());
    spare.place().close();
  }

  /** At the latest then: many who come one by one must not put it off again and again. */
  private synchronized void lookIn(String source, Duration pause) {
    if (closed || !begun || isOver(source)) {
      return;
    }
    Instant time = clock.instant().plus(pause);
    Due known = due.get(source);
    if (known != null && !known.time().isAfter(time)) {
      return;
    }
    forget(source);
    due.put(source, new Due(time, alarms.in(pause, () -> submit(source))));
  }

  private synchronized void forget(String source) {
    Due known = due.remove(source);
    if (known != null) {
      known.alarm().cancel();
    }
  }

  private void submit(String source) {
    synchronized (this) {
      due.remove(source);
      if (closed || !making.add(source)) {
        return; // whoever is at it looks again when done
      }
    }
    try {
      threads.execute(() -> work(source));
    } catch (RejectedExecutionException e) {
      LOG.debug("spares of {} are made by the next daemon", source);
    } catch (Throwable e) { // there may be no room for a thread
      LOG.warn("source {}: no spare could be made: {}", source, e.toString());
      done(source, Optional.of(LOOK_AGAIN));
    }
  }

  private void work(String source) {
    Optional<Duration> next = Optional.of(LOOK_AGAIN);
    try {
      next = look(source);
    } catch (InterruptedException e) {
      next = Optional.empty();
    } catch (CloneException e) {
      LOG.warn("source {}: no spare could be made: {}", source, describe(e));
    } catch (Throwable e) { // without another look there would be no spares any more
      LOG.error("source {}: no spare could be made", source, e);
    } finally {
      done(source, next);
    }
  }

  private void done(String source, Optional<Duration> next) {
    synchronized (this) {
      making.remove(source);
    }
    next.ifPresent(pause -> lookIn(source, pause));
  }

  private static String describe(CloneException failure) {
    return failure.getMessage() + failure.detail().map(text -> "; " + text).orElse("");
  }

  /** Makes one at most; says when to look again. */
  private Optional<Duration> look(String source) throws CloneException, InterruptedException {
    try (HeldSnapshot held = snapshots.hold(source).orElse(null)) {
      if (held == null) {
        return Optional.of(LOOK_AGAIN);
      }
      String newest = held.snapshot().id();
      removeUseless(source, newest);
      removeSurplus(source, newest);
      if (count(source, newest) >= wanted(source)) {
        return Optional.of(LOOK_AGAIN);
      }
      if (places.hasQueuedThreads() || !places.tryAcquire()) {
        return Optional.of(PAUSE);
      }
      try {
        return Optional.of(make(held.snapshot()) ? PAUSE : LOOK_AGAIN);
      } finally {
        places.release();
      }
    }
  }

  /** Those of older snapshots, and those whose server has ended. */
  private void removeUseless(String source, String newest) {
    while (true) {
      Optional<Spare> useless =
          remove(spare ->
              spare.target().origin().source().equals(source)
                  && !(spare.isOf(source, newest) && spare.runs()));
      if (useless.isEmpty()) {
        return;
      }
      end(useless.get());
    }
  }

  /** Where fewer are wanted than before. */
  private void removeSurplus(String source, String newest) {
    while (count(source, newest) > wanted(source)) {
      Optional<Spare> surplus = remove(spare -> spare.isOf(source, newest));
      if (surplus.isEmpty()) {
        return;
      }
      end(surplus.get());
    }
  }

  private int wanted(String source) {
    return wanted.get().getOrDefault(source, 0);
  }

  /** None are wanted, and none are left to be removed. */
  private boolean isOver(String source) {
    return wanted(source) == 0
        && ready.stream().noneMatch(spare -> spare.target().origin().source().equals(source));
  }

  private synchronized long count(String source, String newest) {
    return ready.stream().filter(spare -> spare.isOf(source, newest)).count();
  }

  private boolean make(Snapshot snapshot) throws CloneException, InterruptedException {
    SparePlace place = room.get().orElse(null);
    if (place == null) {
      return false;
    }
    boolean kept = false;
    try {
      Clone clone = clones.create(snapshot, false, Terms.NONE).made();
      try {
        clones.warmUp(clone, snapshot.databases());
        kept = keep(new Spare(clone, place));
      } finally {
        if (!kept) {
          clones.remove(clone);
        }
      }
      return kept;
    } finally {
      if (!kept) {
        place.close();
      }
    }
  }

  private synchronized boolean keep(Spare spare) {
    if (!closed) {
      ready.add(spare);
      LOG.info("source {}: {} is spare", spare.target().origin().source(), spare.target());
    }
    return !closed;
  }

  private record Due(Instant time, Alarms.Alarm alarm) {}
}
