package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CreationTimings;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Somebody who wants a session on an environment and has not got one yet. */
final class Waiter {
  /** How often it sees a server come up and end again before it gives up. */
  private static final int ATTEMPTS = 4;

  private final Environment environment;
  private final EnvironmentHost host;
  private final EnvironmentRequest request;
  private final CompletableFuture<EnvironmentSession> result = new CompletableFuture<>();
  private int attempts = ATTEMPTS;

  Waiter(Environment environment, EnvironmentHost host, EnvironmentRequest request) {
    this.environment = environment;
    this.host = host;
    this.request = request;
  }

  /**
   * A session, at once if the server runs, without touching the disk; or else an {@link
   * EnvironmentUnavailable}. Cancelling the future gives up this wait and nothing else. Called
   * once.
   *
   * @return null if the environment's object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<EnvironmentSession> ask() {
    return enter(null) ? result : null;
  }

  /** False if the environment is retired: then nothing will complete the result. */
  private boolean enter(@Nullable CreationTimings creation) {
    Entry entry =
        environment
            .state()
            .enter(
                request.fresh(),
                request.target(),
                clone -> lease(clone, creation),
                () -> new Opening(environment, host, request));
    switch (entry) {
      case Entry.Served(Session session) -> {
        if (!result.complete(session)) {
          session.close();
        }
      }
      case Entry.Wait(boolean again, CompletableFuture<@Nullable CreationTimings> ready) -> {
        if (again && --attempts == 0) {
          result.completeExceptionally(Refusals.unstable(environment.name()));
          leave();
        } else {
          var _ = ready.whenComplete(this::resume);
        }
      }
      case Entry.Other(boolean renewed) -> {
        result.completeExceptionally(
            renewed
                ? Refusals.notFreshForItsOwn(environment.name())
                : Refusals.replaced(environment.name()));
        environment.retireIfNothing();
      }
      case Entry.Retired() -> {
        return false;
      }
    }
    return true;
  }

  private Session lease(Clone clone, @Nullable CreationTimings creation) {
    Session session = new Session(environment, clone, host.clock().instant(), creation);
    environment.sessions().add(session);
    return session;
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
      leave();
    }
  }

  private void leave() {
    environment.state().leave();
    environment.retireIfNothing();
  }
}
