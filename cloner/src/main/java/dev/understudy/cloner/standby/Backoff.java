package dev.understudy.cloner.standby;

import java.time.Duration;

/** When something is to be tried again: in ever longer pauses. Not thread-safe. */
final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration pause;
  private long due = System.nanoTime();

  Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.pause = first;
  }

  boolean isDue() {
    return System.nanoTime() - due >= 0;
  }

  /** The next pause is twice as long. */
  void failed() {
    notBefore(pause);
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(longest) > 0 ? longest : twice;
  }

  void notBefore(Duration wait) {
    due = System.nanoTime() + wait.toNanos();
  }

  /** Due at once, and the next pause is the shortest. */
  void reset() {
    pause = first;
    due = System.nanoTime();
  }
}
