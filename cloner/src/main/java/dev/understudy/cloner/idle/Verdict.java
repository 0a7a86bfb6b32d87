package dev.understudy.cloner.idle;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** Whether an environment is idle. */
public sealed interface Verdict {
  /** Nobody uses it. */
  record Idle() implements Verdict {}

  /** Somebody may use it; not worth a look before that time. */
  record Awake(Instant lookAgain) implements Verdict {
    public Awake {
      requireNonNull(lookAgain, "lookAgain is null");
    }
  }

  /** It works for somebody this very moment, which counts as activity. */
  record Working() implements Verdict {}
}
