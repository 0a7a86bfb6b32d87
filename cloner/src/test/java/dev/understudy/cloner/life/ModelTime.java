package dev.understudy.cloner.life;

import java.time.Duration;

/** The same time as the daemon's, since the life began. Confined to the thread of the life. */
final class ModelTime {
  private final long began = System.nanoTime();
  private Duration passed = Duration.ZERO;
  private Duration set = Duration.ZERO;

  /** That has passed for everybody. */
  Duration own() {
    return Duration.ofNanos(System.nanoTime() - began).plus(passed);
  }

  /** As the clock tells it. */
  Duration wall() {
    return own().plus(set);
  }

  void pass(Duration time) {
    passed = passed.plus(time);
  }

  void setClock(Duration by) {
    set = set.plus(by);
  }

  /** How far the clock is ahead of this host's. */
  long clockMillis() {
    return passed.plus(set).toMillis();
  }

  /** How far the own time is ahead of this host's. */
  long ownMillis() {
    return passed.toMillis();
  }
}
