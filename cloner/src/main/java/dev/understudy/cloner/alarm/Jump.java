package dev.understudy.cloner.alarm;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/**
 * The wall clock was set, or the host slept. What was jumped over has passed for nobody.
 *
 * @param by forwards; negative: back
 * @param now by the clock as it is
 */
public record Jump(Duration by, Instant now) {
  public Jump {
    requireNonNull(by, "by is null");
    requireNonNull(now, "now is null");
  }

  /** A time that was noted before, by the clock as it is: as long ago as it was. */
  public Instant moved(Instant noted) {
    return notAfter(noted.plus(by), now);
  }

  /** What seems to be to come was noted before the clock was set back: nobody knows when. */
  public static Instant notAfter(Instant noted, Instant now) {
    return noted.isAfter(now) ? now : noted;
  }
}
