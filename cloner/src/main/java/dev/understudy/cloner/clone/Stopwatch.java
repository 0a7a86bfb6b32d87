package dev.understudy.cloner.clone;

import java.time.Duration;

/** Measures one phase after the other. */
final class Stopwatch {
  private long last = System.nanoTime();

  /** Since the last call, or since the beginning. */
  Duration lap() {
    long now = System.nanoTime();
    Duration lap = Duration.ofNanos(now - last);
    last = now;
    return lap;
  }
}
