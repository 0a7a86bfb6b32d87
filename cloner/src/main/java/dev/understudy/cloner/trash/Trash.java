package dev.understudy.cloner.trash;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.alarm.Jump;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.Flushed;
import dev.understudy.cloner.clone.RecoveredClones;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was dropped or replaced. It stays for a window of time, unless its room is needed earlier.
 * Thread-safe.
 *
 * <p>In an order that a later daemon can take up at any point: what is to come here is recorded
 * before its environment is forgotten, and while both have a record, it is the environment's.
 */
public final class Trash {
  private static final Logger LOG = LoggerFactory.getLogger(Trash.class);

  private final TrashStore store;
  private final Clones clones;
  private final InstantSource clock;
  private final Alarms alarms;
  private final Executor threads;
  private final Supplier<Duration> window;
  private final TrashedClones content = new TrashedClones();
  private final Expiry expiry;
  private List<TrashRecord> found = List.of();

  /**
   * @param threads for what blocks
   * @param window how long things stay, as it is now; zero: what comes here is removed at once
   */
  public Trash(
      TrashStore store,
      Clones clones,
      InstantSource clock,
      Alarms alarms,
      Executor threads,
      Supplier<Duration> window) {
    this.store = requireNonNull(store, "store is null");
    this.clones = requireNonNull(clones, "clones is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.alarms = requireNonNull(alarms, "alarms is null");
    this.threads = requireNonNull(threads, "threads is null");
    this.window = requireNonNull(window, "window is null");
    this.expiry = new Expiry(window, clock, alarms, this::expire);
  }

  /**
   * Clones of which there are records.
   *
   * @param names of the environments that they were, by the clones' ids
   * @param complete false if there are more, of which nobody knows
   */
  public record Contents(Map<String, String> names, boolean complete) {
    public Contents {
      names = Map.copyOf(names);
    }
  }

  /** Reads what an earlier daemon left. Called once, first. */
  public Contents read() throws IOException {
    TrashStore.Found all = store.readAll(clones::isDurable);
    found = all.records();
    Map<String, String> names = new HashMap<>();
    found.forEach(record -> names.put(record.id(), record.environment().name()));
    return new Contents(names, all.complete());
  }

  /**
   * Takes up what was read. A clone whose record cannot be read is kept for a later daemon.
   *
   * @param owned ids of clones that environments point at, which are not in the trash
   */
  public void restore(RecoveredClones clones, Set<String> owned) {
    Instant now = clock.instant();
    content.countFrom(found.stream().mapToLong(TrashRecord::number).max().orElse(0));
    for (TrashRecord record : found) {
      Clone clone = clones.usable().get(record.id());
      if (owned.contains(record.id())) {
        forget(record);
      } else if (clone == null) {
        if (!clones.unreadable().contains(record.id())) {
          forget(record);
        }
      } else {
        Trashed trashed = new Trashed(record.notAfter(now), clone);
        put(trashed);
        if (!trashed.record().equals(record)) {
          rewrite(trashed); // or its time would begin anew with each daemon
        }
      }
    }
    found = List.of();
  }

  private void put(Trashed trashed) {
    content.put(trashed);
    expiry.watch(trashed);
  }

  /**
   * People can have things back from now on; for that long, or the window, nothing goes. Called
   * once.
   */
  public void begin(Duration grace) {
    expiry.beLenient(grace);
    expiry.begin();
    expiry.watch(content.all());
  }

  /**
   * What was jumped over is no part of the window, and nothing goes for that long, or the window,
   * as people could not come.
   */
  public void clockJumped(Jump jump, Duration grace) {
    List<Trashed> moved = content.move(jump);
    expiry.beLenient(grace);
    expiry.watch(moved);
    threads.execute(() -> moved.forEach(trashed -> content.ifThere(trashed, this::rewrite)));
  }

  /** The window may be another one; if it is, nothing goes for that long, or the window. */
  public void settingsChanged(Duration grace) {
    if (expiry.isChanged(grace)) {
      expiry.watch(content.all());
    }
  }

  private void rewrite(Trashed trashed) {
    try {
      store.write(trashed.record(), trashed.target().outlivesCrash());
    } catch (IOException e) {
      LOG.warn("{}: its time in the trash could not be recorded: {}", trashed.target(), e);
    }
  }

  /** Of those of them that are here, it is written down that they outlive a crash of the host. */
  public void settle(Flushed flushed) {
    content.all().forEach(trashed -> content.ifThere(trashed, there -> settle(there, flushed)));
  }

  private void settle(Trashed trashed, Flushed flushed) {
    try {
      if (flushed.settle(trashed.target())) {
        store.write(trashed.record(), true);
      }
    } catch (IOException e) {
      LOG.warn("{}: that it is on disk could not be recorded: {}", trashed.target(), e.toString());
    }
  }

  private void expire(Trashed trashed) {
    if (!content.has(trashed)) {
      return;
    }
    threads.execute(() -> {
      if (content.take(trashed)) {
        remove(trashed);
        LOG.info("{} (was environment {}) is removed", trashed.target(), trashed.name());
      }
    });
  }

  private void remove(Trashed trashed) {
    forget(trashed.record());
    clones.remove(trashed.target());
  }

  private void forget(TrashRecord record) {
    try {
      store.delete(record.id());
    } catch (IOException e) {
      LOG.warn("the trash's record of clone {} could not be deleted: {}", record.id(), e);
    }
  }

  /**
   * A clone is about to lose its environment. To be called before the environment's record is
   * changed; whoever fails to change it calls {@link Coming#close}, and nothing has happened.
   *
   * @param last the environment as it is, pointing at the clone
   * @throws IOException if what can be done later as well cannot be recorded; nothing has happened
   */
  public Coming announce(EnvironmentRecord last, Clone clone, TrashReason reason)
      throws IOException {
    alarms.lookAtClock();
    TrashRecord record = new TrashRecord(last, clock.instant(), reason, content.nextNumber());
    boolean recorded = false;
    if (!window.get().isZero()) {
      try {
        store.write(record, clone.outlivesCrash());
        recorded = true;
      } catch (IOException e) {
        if (reason.canWait()) {
          throw e;
        }
        LOG.warn(
            "environment {}: what it was cannot be had back, as the trash could not be written: {}",
            last.name(),
            e.toString());
      }
    }
    return new Coming(new Trashed(record, clone), recorded);
  }

  /** A clone on its way here. Used by one thread. */
  public final class Coming implements AutoCloseable {
    private final Trashed trashed;
    private final boolean recorded;
    private boolean arrived;

    private Coming(Trashed trashed, boolean recorded) {
      this.trashed = trashed;
      this.recorded = recorded;
    }

    /**
     * The clone has no environment any more: its server ends, and with it the sessions on it
     * (57P01). Never fails.
     */
    public void arrive() {
      arrived = true;
      if (recorded && clones.trash(trashed.target())) {
        put(trashed);
      } else {
        remove(trashed);
      }
    }

    /** Nothing has happened, unless it has arrived. */
    @Override
    public void close() {
      if (recorded && !arrived) {
        forget(trashed.record());
      }
    }
  }

  /**
   * Takes the youngest thing of that name out, to be given back with {@link #done} or {@link
   * #putBack}.
   *
   * @param environment name that it had
   */
  public Optional<Trashed> take(String environment) {
    return content.takeYoungest(environment);
  }

  /** What was taken has an environment. */
  public void done(Trashed taken) {
    forget(taken.record());
  }

  /** What was taken has none. */
  public void putBack(Trashed taken) {
    put(taken);
  }

  /**
   * Removes what has been here for longest, to make room. Blocks until it is gone from the disk, or
   * for a while.
   *
   * @return false if there is nothing
   */
  public boolean removeOldest(Duration patience) throws InterruptedException {
    Trashed oldest = content.takeOldest().orElse(null);
    if (oldest == null) {
      return false;
    }
    LOG.warn(
        "{} (was environment {}) goes before its time, as its room is needed",
        oldest.target(),
        oldest.name());
    remove(oldest);
    clones.awaitRemovals(patience);
    return true;
  }

  /** Youngest first. */
  public List<TrashRecord> list() {
    return content.records();
  }

  /** The clones in it. */
  public List<Clone> clones() {
    return content.all().stream().map(Trashed::target).toList();
  }

  /** When something that is trashed now is removed. */
  public Instant keptUntil(TrashRecord record) {
    return expiry.end(record);
  }
}
