package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CreationTimings;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Somebody who wants a session on an environment and has not got one yet. */
final class Waiter {
  /** How often it sees a server come up and end again before it gives up. */
  private static final int ATTEMPTS = 4;

  private final Environment environment;
  private final EnvironmentRequest request;
  private final CompletableFuture<EnvironmentSession> result = new CompletableFuture<>();
  private int attempts = ATTEMPTS;

  Waiter(Environment environment, EnvironmentRequest request) {
    this.environment = environment;
    this.request = request;
  }

  /** Completes with a session or an {@link EnvironmentUnavailable}. */
  CompletableFuture<EnvironmentSession> result() {
    return result;
  }

  /** False if the environment is retired: then nothing will complete the result. */
  boolean enter(@Nullable CreationTimings creation) {
    switch (environment.enter(request, creation)) {
      case Entry.Served(Session session) -> {
        if (!result.complete(session)) {
          session.close();
        }
      }
      case Entry.Wait(boolean again, CompletableFuture<@Nullable CreationTimings> ready) -> {
        if (again && --attempts == 0) {
          result.completeExceptionally(Refusals.unstable(environment.name()));
          environment.leave();
        } else {
          var _ = ready.whenComplete(this::resume);
        }
      }
      case Entry.Retired() -> {
        return false;
      }
    }
    return true;
  }

  /** The environment does not retire before it is told that this wait is over. */
  private void resume(@Nullable CreationTimings creation, @Nullable Throwable failure) {
    try {
      if (failure != null) {
        result.completeExceptionally(failure);
      } else if (!result.isDone()) {
        enter(creation);
      }
    } finally {
      environment.leave();
    }
  }
}
