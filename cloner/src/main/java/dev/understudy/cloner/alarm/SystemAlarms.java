package dev.understudy.cloner.alarm;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that sleeps until the next alarm. */
public final class SystemAlarms implements Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(SystemAlarms.class);

  private final InstantSource clock;
  private final ScheduledThreadPoolExecutor thread;

  public SystemAlarms(InstantSource clock) {
    this.clock = requireNonNull(clock, "clock is null");
    this.thread =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("alarms").daemon().factory());
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Alarm at(Instant time, Runnable task) {
    Duration delay = Duration.between(clock.instant(), time);
    try {
      // Rounded up: an alarm that comes a moment early would have to be set again.
      Future<?> future =
          thread.schedule(guarded(task), delay.toMillis() + 1, TimeUnit.MILLISECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RejectedExecutionException e) {
        LOG.debug("an alarm came after the end");
      } catch (RuntimeException e) {
        LOG.error("an alarm failed", e);
      }
    };
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
