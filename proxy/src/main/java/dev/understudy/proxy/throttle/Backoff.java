package dev.understudy.proxy.throttle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How a pause grows with the number of failures.
 *
 * @param free failures that cost nothing
 * @param first pause behind the next one; each further failure doubles it
 * @param longest it becomes
 * @param fading time in which one failure is forgotten
 */
record Backoff(int free, Duration first, Duration longest, Duration fading) {
  Backoff {
    requireNonNull(first, "first is null");
    requireNonNull(longest, "longest is null");
    requireNonNull(fading, "fading is null");
  }

  /** What more failures than this would change nothing. */
  int mostFailures() {
    int failures = free + 1;
    for (long pause = first.toNanos(); pause < longest.toNanos(); pause *= 2) {
      failures++;
    }
    return failures;
  }

  long pauseNanos(int failures) {
    if (failures <= free) {
      return 0;
    }
    int doublings = Math.min(failures, mostFailures()) - free - 1;
    return Math.min(first.toNanos() << doublings, longest.toNanos());
  }
}
