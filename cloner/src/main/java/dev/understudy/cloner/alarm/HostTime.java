package dev.understudy.cloner.alarm;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** How time passes. Thread-safe. */
public interface HostTime {
  /** Of this host. */
  HostTime SYSTEM =
      new HostTime() {
        @Override
        public InstantSource clock() {
          return InstantSource.system();
        }

        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public Duration longestSleep() {
          return Duration.ofMinutes(1);
        }
      };

  /** The wall clock, which may be set. */
  InstantSource clock();

  /** The host's own time, which just goes on, as {@link System#nanoTime}. */
  long nanoTime();

  /** Whatever the clock does, an alarm is no later than that, nor is a jump noticed later. */
  Duration longestSleep();

  /** How far the wall clock is ahead of the host's own time. Changes where the clock is set. */
  default long offsetMillis() {
    return clock().millis() - TimeUnit.NANOSECONDS.toMillis(nanoTime());
  }
}
