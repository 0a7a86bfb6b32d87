package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When a client last did something. Saved at most once a minute, and only where there was something
 * to save. Thread-safe; {@link #touch} is cheap.
 */
final class ActivityJournal {
  static final Duration SAVE_AFTER = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Alarms alarms;
  private final Runnable save;
  private final AtomicBoolean unsaved = new AtomicBoolean();
  private final AtomicLong touches = new AtomicLong();
  private volatile long millis;

  /**
   * @param save must not block
   */
  ActivityJournal(InstantSource clock, Alarms alarms, Runnable save) {
    this.clock = requireNonNull(clock, "clock is null");
    this.alarms = requireNonNull(alarms, "alarms is null");
    this.save = requireNonNull(save, "save is null");
  }

  void restore(Instant time) {
    millis = time.toEpochMilli();
  }

  void touch() {
    touches.incrementAndGet();
    millis = clock.millis();
    if (!unsaved.get() && unsaved.compareAndSet(false, true)) {
      var _ = alarms.in(SAVE_AFTER, save);
    }
  }

  /** The clock was set back: nobody was active in the future. */
  void notAfter(Instant now) {
    if (last().isAfter(now)) {
      restore(now);
    }
  }

  Instant last() {
    return Instant.ofEpochMilli(millis);
  }

  /** Changes with each {@link #touch}, also where the clock stands still. */
  long touches() {
    return touches.get();
  }

  /** True if there was activity since the last call: the caller saves it. */
  boolean takeUnsaved() {
    return unsaved.getAndSet(false);
  }
}
