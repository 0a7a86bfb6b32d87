package dev.understudy.proxy.throttle;

/**
 * What counts against one key: how often it failed of late, and from when on it may be tried again.
 * Attempts that come at once stand in line. Not for several threads.
 */
final class Failures {
  private int count;

  /** Up to here failures have been forgotten. */
  private long fadedNanos;

  private long nextNanos;

  Failures(long nowNanos) {
    this.fadedNanos = nowNanos;
    this.nextNanos = nowNanos;
  }

  /** How long an attempt of now stands in line. */
  long waitNanos(long nowNanos) {
    return Math.max(0, nextNanos - nowNanos);
  }

  /** The pause behind the last failure, as it has faded since. */
  long pauseNanos(long nowNanos, Backoff backoff) {
    fade(nowNanos, backoff);
    return backoff.pauseNanos(count);
  }

  /**
   * An attempt of now has failed; the next one's turn comes a pause behind this one's. The line is
   * never longer than two of the longest pauses, whoever does not stand in it.
   */
  void add(long nowNanos, Backoff backoff) {
    fade(nowNanos, backoff);
    count = Math.min(count + 1, backoff.mostFailures());
    long line = waitNanos(nowNanos) + backoff.pauseNanos(count);
    nextNanos = nowNanos + Math.min(line, 2 * backoff.longest().toNanos());
  }

  private void fade(long nowNanos, Backoff backoff) {
    long faded = (nowNanos - fadedNanos) / backoff.fading().toNanos();
    count = (int) Math.max(0, count - faded);
    fadedNanos = count == 0 ? nowNanos : fadedNanos + faded * backoff.fading().toNanos();
  }
}
