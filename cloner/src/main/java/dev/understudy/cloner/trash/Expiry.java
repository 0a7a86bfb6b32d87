package dev.understudy.cloner.trash;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** When things have been in the trash for long enough. Thread-safe. */
final class Expiry {
  private final Supplier<Duration> window;
  private final InstantSource clock;
  private final Alarms alarms;
  private final Consumer<Trashed> due;
  private volatile Duration known;
  private volatile boolean begun;
  private volatile Instant nothingBefore = Instant.MIN;

  /**
   * @param window how long things stay, as it is now
   * @param due told of what has been there for that long, as often as it was watched; must not
   *     block
   */
  Expiry(Supplier<Duration> window, InstantSource clock, Alarms alarms, Consumer<Trashed> due) {
    this.window = requireNonNull(window, "window is null");
    this.known = window.get();
    this.clock = requireNonNull(clock, "clock is null");
    this.alarms = requireNonNull(alarms, "alarms is null");
    this.due = requireNonNull(due, "due is null");
  }

  /**
   * Whether the window is another one than when this was asked last: then nothing is due for that
   * long, or the window, and everything is to be watched again.
   */
  boolean isChanged(Duration grace) {
    Duration now = window.get();
    boolean changed = !now.equals(known);
    if (changed) {
      known = now;
      beLenient(grace);
    }
    return changed;
  }

  /** Things are watched from now on. */
  void begin() {
    begun = true;
  }

  /** Nothing is due for that long, or the window. */
  void beLenient(Duration grace) {
    Duration most = window.get();
    nothingBefore = clock.instant().plus(most.compareTo(grace) < 0 ? most : grace);
  }

  void watch(Collection<Trashed> all) {
    all.forEach(this::watch);
  }

  void watch(Trashed trashed) {
    if (begun) {
      alarms.at(end(trashed.record()), () -> look(trashed));
    }
  }

  Instant end(TrashRecord record) {
    return record.trashedAt().plus(window.get());
  }

  private void look(Trashed trashed) {
    Instant end = end(trashed.record());
    Instant time = end.isBefore(nothingBefore) ? nothingBefore : end;
    if (time.isAfter(clock.instant())) {
      alarms.at(time, () -> look(trashed)); // the clock was set
    } else {
      due.accept(trashed);
    }
  }
}
