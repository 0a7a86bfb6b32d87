package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.alarm.Jump;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When a client last did something. Saved at most once a minute, and only where there was something
 * to save; what is saved is a minute behind at most. Thread-safe; {@link #touch} is cheap.
 */
final class ActivityJournal {
  static final Duration SAVE_AFTER = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final Alarms alarms;
  private final Runnable save;
  private final AtomicBoolean unsaved = new AtomicBoolean();
  private final AtomicLong touches = new AtomicLong();
  private volatile long millis;
  private volatile Instant saved = Instant.MIN;

  /**
   * @param save must not block
   */
  ActivityJournal(InstantSource clock, Alarms alarms, Runnable save) {
    this.clock = requireNonNull(clock, "clock is null");
    this.alarms = requireNonNull(alarms, "alarms is null");
    this.save = requireNonNull(save, "save is null");
  }

  /**
   * As it is written down. What seems to be to come was just now, and is written down so: else each
   * daemon would let the time without use begin anew.
   */
  void restore(Instant written) {
    Instant time = Jump.notAfter(written, clock.instant());
    millis = time.toEpochMilli();
    saved = time;
    if (!time.equals(written)) {
      saveIn(Duration.ZERO);
    }
  }

  void touch() {
    alarms.lookAtClock();
    touches.incrementAndGet();
    millis = clock.millis();
    if (!unsaved.get()) {
      saveIn(untilSave());
    }
  }

  private void saveIn(Duration delay) {
    if (unsaved.compareAndSet(false, true)) {
      var _ = alarms.in(delay, save);
    }
  }

  private Duration untilSave() {
    Duration since = Duration.between(saved, last());
    return since.isNegative() || since.compareTo(SAVE_AFTER) > 0
        ? Duration.ZERO
        : SAVE_AFTER.minus(since);
  }

  /**
   * Nobody was idle for the time that was jumped over. Saved at once, also where a save is to come:
   * what was noted by the old clock would tell the next daemon something else.
   */
  void clockJumped(Jump jump) {
    millis = jump.moved(last()).toEpochMilli();
    unsaved.set(true);
    var _ = alarms.in(Duration.ZERO, save);
  }

  Instant last() {
    return Instant.ofEpochMilli(millis);
  }

  /** Changes with each {@link #touch}, also where the clock stands still. */
  long touches() {
    return touches.get();
  }

  /** True if there was activity since the last call: the caller saves it, and tells the outcome. */
  boolean takeUnsaved() {
    return unsaved.getAndSet(false);
  }

  /** That was written down. */
  void saved(Instant time) {
    saved = time;
  }

  /** It could not be written down; it is tried again. */
  void notSaved() {
    saveIn(SAVE_AFTER);
  }
}
