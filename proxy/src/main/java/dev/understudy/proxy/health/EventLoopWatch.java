package dev.understudy.proxy.health;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Looks how late a loop does what is due every second. Begins once, in {@link #begin}; told of the
 * passing of time on the loop alone, and asked on any thread, also while the loop is blocked.
 */
final class EventLoopWatch {
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final int PERIODS_PER_WINDOW = 30;

  private final LongSupplier nanoTime;
  private volatile long dueNanos;
  private volatile long earlierWindow;
  private volatile long thisWindow;
  private int periods;

  EventLoopWatch(LongSupplier nanoTime) {
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.dueNanos = nanoTime.getAsLong() + PERIOD.toNanos();
  }

  /** Until the loop ends. */
  void begin(ScheduledExecutorService loop) {
    dueNanos = nanoTime.getAsLong() + PERIOD.toNanos();
    var _ =
        loop.scheduleWithFixedDelay(
            this::passed, PERIOD.toNanos(), PERIOD.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A second has passed, and whatever the loop took longer. */
  void passed() {
    long now = nanoTime.getAsLong();
    long late = Math.max(thisWindow, now - dueNanos);
    periods++;
    if (periods == PERIODS_PER_WINDOW) {
      periods = 0;
      earlierWindow = late;
      thisWindow = 0;
    } else {
      thisWindow = late;
    }
    dueNanos = now + PERIOD.toNanos();
  }

  /** As {@link EventLoopHealth#delay}. */
  Duration delay() {
    long late = nanoTime.getAsLong() - dueNanos;
    return Duration.ofNanos(Math.max(0, Math.max(late, Math.max(earlierWindow, thisWindow))));
  }
}
