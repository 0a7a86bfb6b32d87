package dev.understudy.cloner.life;

import java.time.Duration;

/**
 * Something that a daemon may not have written down.
 *
 * @param value the time before, or by how much the clock was set
 * @param until on this host's clock, in nanoseconds
 */
record Doubt(Duration value, long until) {
  static Doubt of(Duration value, Duration length) {
    return new Doubt(value, System.nanoTime() + length.toNanos());
  }

  boolean holds() {
    return System.nanoTime() - until < 0;
  }
}
