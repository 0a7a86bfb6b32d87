package dev.understudy.cloner.alarm;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that sleeps until the next alarm, but never longer than a minute: whatever the wall
 * clock does meanwhile, an alarm is no later than that.
 */
public final class SystemAlarms implements Alarms {
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

  /** Less is no jump: clocks are slewed, and threads kept waiting. */
  private static final Duration JUMP = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(SystemAlarms.class);

  private final InstantSource clock;
  private final Duration longestSleep;
  private final ScheduledThreadPoolExecutor thread;
  private final List<Runnable> onJump = new CopyOnWriteArrayList<>();

  /** How far the wall clock is from the host's own time. Confined to the thread. */
  private long offset;

  public SystemAlarms(InstantSource clock) {
    this(clock, LONGEST_SLEEP);
  }

  SystemAlarms(InstantSource clock, Duration longestSleep) {
    this.clock = requireNonNull(clock, "clock is null");
    this.longestSleep = requireNonNull(longestSleep, "longestSleep is null");
    this.offset = currentOffset();
    this.thread =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("alarms").daemon().factory());
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    long period = longestSleep.toMillis();
    var _ = thread.scheduleWithFixedDelay(this::noticeJump, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public Alarm at(Instant time, Runnable task) {
    Pending pending = new Pending(time, task);
    pending.schedule();
    return pending;
  }

  @Override
  public Alarm in(Duration delay, Runnable task) {
    try {
      Future<?> pending =
          thread.schedule(
              () -> {
                noticeJump();
                run(task);
              },
              delay.toMillis(),
              TimeUnit.MILLISECONDS);
      return () -> pending.cancel(false);
    } catch (RejectedExecutionException e) {
      LOG.debug("an alarm was set after the end");
      return () -> {};
    }
  }

  @Override
  public void onJump(Runnable task) {
    onJump.add(task);
  }

  private long currentOffset() {
    return clock.millis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private void noticeJump() {
    long now = currentOffset();
    Duration jump = Duration.ofMillis(now - offset);
    offset = now;
    if (jump.abs().compareTo(JUMP) >= 0) {
      LOG.warn("the clock was set by {}, or the host slept", jump);
      onJump.forEach(SystemAlarms::run);
    }
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
    private final Instant time;
    private final Runnable task;
    private @Nullable Future<?> next;
    private boolean cancelled;

    private Pending(Instant time, Runnable task) {
      this.time = time;
      this.task = task;
    }

    private synchronized void schedule() {
      if (cancelled) {
        return;
      }
      Duration delay = Duration.between(clock.instant(), time);
      Duration sleep = delay.compareTo(longestSleep) < 0 ? delay : longestSleep;
      try {
        // Rounded up: an alarm that comes a moment early would have to be set again.
        next = thread.schedule(this::wake, sleep.toMillis() + 1, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        LOG.debug("an alarm was set after the end");
      }
    }

    private void wake() {
      noticeJump();
      if (clock.instant().isBefore(time)) {
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
