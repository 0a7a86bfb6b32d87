package dev.understudy.cloner.life;

import dev.understudy.cloner.alarm.HostTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** This host's time, but for what was made to pass, and how the clock was set. Thread-safe. */
final class LifeTime implements HostTime {
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

  /** Time passes, without a jump. */
  void pass(long millis) {
    Ahead before = ahead;
    ahead = new Ahead(before.clockMillis() + millis, before.ownMillis() + millis);
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
    Ahead now = ahead;
    return System.currentTimeMillis()
        - TimeUnit.NANOSECONDS.toMillis(System.nanoTime())
        + now.clockMillis()
        - now.ownMillis();
  }
}
