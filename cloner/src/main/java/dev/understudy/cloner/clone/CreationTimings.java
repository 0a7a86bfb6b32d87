package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long the phases of making one clone took.
 *
 * @param copy the tree, copied from its snapshot
 * @param configure the configuration written, the owner given
 * @param start from the command until it accepts connections
 */
public record CreationTimings(Duration copy, Duration configure, Duration start) {
  /** It was there. */
  public static final CreationTimings NOTHING =
      new CreationTimings(Duration.ZERO, Duration.ZERO, Duration.ZERO);

  public CreationTimings {
    requireNonNull(copy, "copy is null");
    requireNonNull(configure, "configure is null");
    requireNonNull(start, "start is null");
  }

  public Duration total() {
    return copy.plus(configure).plus(start);
  }

  /** For the log: {@code 73 ms (copy 9, configure 3, start 61)}. */
  @Override
  public String toString() {
    return "%d ms (copy %d, configure %d, start %d)"
        .formatted(total().toMillis(), copy.toMillis(), configure.toMillis(), start.toMillis());
  }
}
