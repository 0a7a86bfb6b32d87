package dev.understudy.cloner.alarm;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Calls at a time of the wall clock, or after a time of the host's own. Thread-safe. */
public interface Alarms extends AutoCloseable {
  /** Runs a task that does not block, at the time or soon after, unless it is cancelled before. */
  Alarm at(Instant time, Runnable task);

  /** As {@link #at}, after that time, however the wall clock is set meanwhile. */
  Alarm in(Duration delay, Runnable task);

  /**
   * Runs a task whenever the wall clock was set, or the host slept, by more than a moment, before
   * any alarm that this brings. The task does not block.
   */
  void onJump(Consumer<Jump> task);

  /**
   * Notices a jump at once, if there was one: for whoever notes the time, or judges by it, without
   * an alarm. Cheap. Under no lock that a task of {@link #onJump} takes.
   */
  void lookAtClock();

  /** No task begins from now on. */
  @Override
  void close();

  /** A call to come. */
  interface Alarm {
    /** Idempotent. The task may be running already. */
    void cancel();
  }
}
