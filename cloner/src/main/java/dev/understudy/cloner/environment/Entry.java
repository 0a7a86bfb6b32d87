package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.CreationTimings;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What somebody finds who comes to an environment. */
sealed interface Entry {
  /** Its server runs. */
  record Served(Session session) implements Entry {
    public Served {
      requireNonNull(session, "session is null");
    }
  }

  /**
   * It is being made or started.
   *
   * @param ready how long making it took; empty if it was only started
   */
  record Wait(CompletableFuture<Optional<CreationTimings>> ready) implements Entry {
    public Wait {
      requireNonNull(ready, "ready is null");
    }
  }

  /** This object stands for the name no more; a new one does, or will. */
  record Retired() implements Entry {}
}
