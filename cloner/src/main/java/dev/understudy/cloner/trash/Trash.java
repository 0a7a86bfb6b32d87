package dev.understudy.cloner.trash;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.alarm.Jump;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.RecoveredClones;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
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
  /** Whatever the clock said when; what an earlier version wrote down came before. */
  private static final Comparator<TrashRecord> OLDEST_FIRST =
      Comparator.comparingLong(TrashRecord::number).thenComparing(TrashRecord::trashedAt);

  private static final Logger LOG = LoggerFactory.getLogger(Trash.class);

  private final TrashStore store;
  private final Clones clones;
  private final InstantSource clock;
  private final Alarms alarms;
  private final Executor threads;
  private final Duration window;
  private final Map<String, Trashed> content = new HashMap<>();
  private List<TrashRecord> found = List.of();

  // Guarded by the content.
  private long lastNumber;
  private boolean begun;

  private volatile Instant noExpiryBefore = Instant.MIN;

  /**
   * @param threads for what blocks
   * @param window how long things stay; zero: what comes here is removed at once
   */
  public Trash(
      TrashStore store,
      Clones clones,
      InstantSource clock,
      Alarms alarms,
      Executor threads,
      Duration window) {
    this.store = requireNonNull(store, "store is null");
    this.clones = requireNonNull(clones, "clones is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.alarms = requireNonNull(alarms, "alarms is null");
    this.threads = requireNonNull(threads, "threads is null");
    this.window = requireNonNull(window, "window is null");
  }

  /**
   * Clones of which there are records.
   *
   * @param ids of the clones
   * @param complete false if there are more, of which nobody knows
   */
  public record Contents(Set<String> ids, boolean complete) {
    public Contents {
      ids = Set.copyOf(ids);
    }
  }

  /** Reads what an earlier daemon left. Called once, first. */
  public Contents read() throws IOException {
    TrashStore.Found all = store.readAll();
    found = all.records();
    Set<String> ids = new HashSet<>();
    found.forEach(record -> ids.add(record.id()));
    return new Contents(ids, all.complete());
  }

  /**
   * Takes up what was read. A clone whose record cannot be read is kept for a later daemon.
   *
   * @param owned ids of clones that environments point at, which are not in the trash
   */
  public void restore(RecoveredClones clones, Set<String> owned) {
    Instant now = clock.instant();
    synchronized (content) {
      lastNumber = found.stream().mapToLong(TrashRecord::number).max().orElse(0);
    }
    for (TrashRecord record : found) {
      Clone clone = clones.usable().get(record.id());
      if (owned.contains(record.id())) {
        forget(record);
      } else if (clone == null) {
        if (!clones.unreadable().contains(record.id())) {
          forget(record);
        }
      } else {
        put(new Trashed(record.notAfter(now), clone));
      }
    }
    found = List.of();
  }

  private void put(Trashed trashed) {
    synchronized (content) {
      content.put(trashed.record().id(), trashed);
      if (!begun) {
        return;
      }
    }
    watch(trashed);
  }

  private void watch(Trashed trashed) {
    alarms.at(trashed.record().trashedAt().plus(window), () -> expire(trashed));
  }

  /**
   * People can have things back from now on; for that long, or the window, nothing goes. Called
   * once.
   */
  public void begin(Duration grace) {
    List<Trashed> all;
    synchronized (content) {
      begun = true;
      all = List.copyOf(content.values());
    }
    beLenient(grace);
    all.forEach(this::watch);
  }

  private void beLenient(Duration grace) {
    noExpiryBefore = clock.instant().plus(window.compareTo(grace) < 0 ? window : grace);
  }

  /**
   * What was jumped over is no part of the window, and nothing goes for that long, or the window,
   * as people could not come.
   */
  public void clockJumped(Jump jump, Duration grace) {
    List<Trashed> moved;
    synchronized (content) {
      content.replaceAll(
          (id, trashed) -> new Trashed(trashed.record().moved(jump), trashed.target()));
      moved = List.copyOf(content.values());
    }
    beLenient(grace);
    moved.forEach(this::watch);
    threads.execute(() -> moved.forEach(this::rewrite));
  }

  private void rewrite(Trashed trashed) {
    synchronized (content) { // so that nobody deletes it before
      if (isHere(trashed)) {
        try {
          store.write(trashed.record(), trashed.target().outlivesCrash());
        } catch (IOException e) {
          LOG.warn("{}: its time in the trash could not be recorded: {}", trashed.target(), e);
        }
      }
    }
  }

  private boolean isHere(Trashed trashed) {
    synchronized (content) {
      return trashed.equals(content.get(trashed.record().id()));
    }
  }

  private void expire(Trashed trashed) {
    if (!isHere(trashed)) {
      return;
    }
    Instant end = trashed.record().trashedAt().plus(window);
    Instant due = end.isBefore(noExpiryBefore) ? noExpiryBefore : end;
    if (due.isAfter(clock.instant())) {
      alarms.at(due, () -> expire(trashed)); // the clock was set
    } else {
      threads.execute(() -> {
        if (claim(trashed)) {
          remove(trashed);
          LOG.info("{} (was environment {}) is removed", trashed.target(), name(trashed));
        }
      });
    }
  }

  private boolean claim(Trashed trashed) {
    synchronized (content) {
      return content.remove(trashed.record().id(), trashed);
    }
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
   * @throws UncheckedIOException if what nobody asked for cannot be recorded; nothing has happened
   */
  public Coming announce(EnvironmentRecord last, Clone clone, TrashReason reason) {
    alarms.lookAtClock();
    TrashRecord record = new TrashRecord(last, clock.instant(), reason, nextNumber());
    boolean recorded = false;
    if (!window.isZero()) {
      try {
        store.write(record, clone.outlivesCrash());
        recorded = true;
      } catch (IOException e) {
        if (reason.canWait()) {
          throw new UncheckedIOException("the trash could not be written", e);
        }
        LOG.warn(
            "environment {}: what it was cannot be had back, as the trash could not be written: {}",
            last.name(),
            e.toString());
      }
    }
    return new Coming(new Trashed(record, clone), recorded);
  }

  private long nextNumber() {
    synchronized (content) {
      lastNumber++;
      return lastNumber;
    }
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
    synchronized (content) {
      Optional<Trashed> youngest =
          content.values().stream()
              .filter(trashed -> name(trashed).equals(environment))
              .max(Comparator.comparing(Trashed::record, OLDEST_FIRST));
      youngest.ifPresent(trashed -> content.remove(trashed.record().id()));
      return youngest;
    }
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
    Trashed oldest;
    synchronized (content) {
      oldest =
          content.values().stream()
              .min(Comparator.comparing(Trashed::record, OLDEST_FIRST))
              .orElse(null);
      if (oldest == null) {
        return false;
      }
      content.remove(oldest.record().id());
    }
    LOG.warn(
        "{} (was environment {}) goes before its time, as its room is needed",
        oldest.target(),
        name(oldest));
    remove(oldest);
    clones.awaitRemovals(patience);
    return true;
  }

  /** Youngest first. */
  public List<TrashRecord> list() {
    List<TrashRecord> records = new ArrayList<>();
    synchronized (content) {
      content.values().forEach(trashed -> records.add(trashed.record()));
    }
    records.sort(OLDEST_FIRST.reversed());
    return records;
  }

  /** The clones in it. */
  public List<Clone> clones() {
    synchronized (content) {
      return content.values().stream().map(Trashed::target).toList();
    }
  }

  /** When something that is trashed now is removed. */
  public Instant keptUntil(TrashRecord record) {
    return record.trashedAt().plus(window);
  }

  private static String name(Trashed trashed) {
    return trashed.record().environment().name();
  }
}
