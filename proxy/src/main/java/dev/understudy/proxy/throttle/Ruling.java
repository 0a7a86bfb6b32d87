package dev.understudy.proxy.throttle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** What becomes of an attempt to authenticate. */
public sealed interface Ruling {
  /** The client hears whether it is right, after a time that does not tell. */
  record Answered(Duration after) implements Ruling {
    public Answered {
      requireNonNull(after, "after is null");
    }
  }

  /** The client does not hear, and nothing was counted. */
  record TurnedAway(Duration retryAfter) implements Ruling {
    public TurnedAway {
      requireNonNull(retryAfter, "retryAfter is null");
    }
  }
}
