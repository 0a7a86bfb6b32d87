package dev.understudy.cloner.alarm;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that sleeps until the next alarm, but never long at once: whatever the wall clock does
 * meanwhile, an alarm is not much later.
 */
public final class SystemAlarms implements Alarms {
  /** Less is no jump: clocks are slewed, and threads kept waiting. */
  private static final Duration JUMP = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(SystemAlarms.class);

  private final HostTime time;
  private final ScheduledThreadPoolExecutor thread;
  private final List<Consumer<Jump>> onJump = new CopyOnWriteArrayList<>();

  /**
   * How far the wall clock is from the host's own time. Changed under the lock of {@code onJump}.
   */
  private volatile long offset;

  public SystemAlarms(HostTime time) {
    this.time = requireNonNull(time, "time is null");
    this.offset = time.offsetMillis();
    this.thread =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("alarms").daemon().factory());
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    long period = time.longestSleep().toMillis();
    var _ = thread.scheduleWithFixedDelay(this::followClock, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public Alarm at(Instant due, Runnable task) {
    return begin(() -> Duration.between(time.clock().instant(), due), task);
  }

  @Override
  public Alarm in(Duration delay, Runnable task) {
    long due = time.nanoTime() + delay.toNanos();
    return begin(() -> Duration.ofNanos(due - time.nanoTime()), task);
  }

  private Alarm begin(Supplier<Duration> left, Runnable task) {
    Pending pending = new Pending(left, task);
    pending.schedule();
    return pending;
  }

  @Override
  public void onJump(Consumer<Jump> task) {
    onJump.add(task);
  }

  /** Who comes while another one deals with a jump waits for that, and finds it dealt with. */
  @Override
  public void lookAtClock() {
    if (isJump(time.offsetMillis() - offset) && !Thread.holdsLock(onJump)) {
      followClock();
    }
  }

  private void followClock() {
    synchronized (onJump) {
      long now = time.offsetMillis();
      Duration by = Duration.ofMillis(now - offset);
      if (isJump(by.toMillis())) {
        LOG.warn("the clock was set by {}, or the host slept", by);
        Jump jump = new Jump(by, time.clock().instant());
        onJump.forEach(task -> run(() -> task.accept(jump)));
      }
      offset = now;
    }
  }

  private static boolean isJump(long millis) {
    return Math.abs(millis) >= JUMP.toMillis();
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RejectedExecutionException e) {
      LOG.debug("an alarm came after the end");
    } catch (RuntimeException e) {
      LOG.error("an alarm failed", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private final class Pending implements Alarm {
    private final Supplier<Duration> left;
    private final Runnable task;
    private @Nullable Future<?> next;
    private boolean cancelled;

    private Pending(Supplier<Duration> left, Runnable task) {
      this.left = left;
      this.task = task;
    }

    private synchronized void schedule() {
      if (cancelled) {
        return;
      }
      Duration delay = left.get();
      Duration sleep = delay.compareTo(time.longestSleep()) < 0 ? delay : time.longestSleep();
      try {
        // Rounded up: an alarm that comes a moment early would have to be set again.
        next = thread.schedule(this::wake, sleep.toMillis() + 1, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("an alarm was set after the end");
      }
    }

    private void wake() {
      lookAtClock();
      if (left.get().isPositive()) {
        schedule();
      } else if (!isCancelled()) {
        run(task);
      }
    }

    private synchronized boolean isCancelled() {
      return cancelled;
    }

    @Override
    public synchronized void cancel() {
      cancelled = true;
      if (next != null) {
        next.cancel(false);
      }
    }
  }
}
