package dev.understudy.cloner.life;

import dev.understudy.cloner.alarm.HostTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** This host's time, but for what was made to pass, and how the clock was set. Thread-safe. */
final class LifeTime implements HostTime {
  /** After so many looks of the thread of alarms at the clock, it has done all about a jump. */
  private static final int LOOKS = 3;

  private final Semaphore looks = new Semaphore(0);
  private volatile Ahead ahead;

  /** How far both times are ahead of this host's, in one step. */
  private record Ahead(long clockMillis, long ownMillis) {}

  /**
   * Time that is ahead of this host's from the beginning on.
   *
   * @param clockMillis of the wall clock
   * @param ownMillis of the host's own time
   */
  LifeTime(long clockMillis, long ownMillis) {
    this.ahead = new Ahead(clockMillis, ownMillis);
  }

  /** Time passes, without a jump; in that much, one that was before is noticed. */
  void pass(long millis) throws InterruptedException {
    awaitAlarms();
    Ahead before = ahead;
    ahead = new Ahead(before.clockMillis() + millis, before.ownMillis() + millis);
  }

  /** Returns when a jump is noticed, and all alarms that are due have rung. */
  void awaitAlarms() throws InterruptedException {
    looks.drainPermits();
    looks.acquire(LOOKS);
  }

  /** The clock is set. */
  void set(long byMillis) {
    Ahead before = ahead;
    ahead = new Ahead(before.clockMillis() + byMillis, before.ownMillis());
  }

  @Override
  public InstantSource clock() {
    return () -> Instant.now().plusMillis(ahead.clockMillis());
  }

  @Override
  public long nanoTime() {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ahead.ownMillis());
  }

  @Override
  public Duration longestSleep() {
    return Duration.ofMillis(50);
  }

  @Override
  public long offsetMillis() {
    if (Thread.currentThread().getName().equals("alarms")) {
      looks.release();
    }
    Ahead now = ahead;
    return System.currentTimeMillis()
        - TimeUnit.NANOSECONDS.toMillis(System.nanoTime())
        + now.clockMillis()
        - now.ownMillis();
  }
}
