package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How far a standby is behind production.
 *
 * @param bytes of WAL that production has told of and that are not replayed yet; where production
 *     is not connected, as it was when it last was
 * @param time since the newest moment of which the standby is known to have all that production had
 *     written; zero while it has everything
 * @param connected whether changes arrive
 */
public record Lag(long bytes, Duration time, boolean connected) {
  public Lag {
    requireNonNull(time, "time is null");
  }
}
