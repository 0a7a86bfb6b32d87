package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;
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

  /** The latest that began because of it; others wait for that too. */
  private @Nullable Opening begun;

  /** Of the first that began because of it and had one. */
  private @Nullable Effect effect;

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
    return enter(Opened.NOTHING) ? result : null;
  }

  /** False if the environment is retired: then nothing will complete the result. */
  private boolean enter(Opened opened) {
    Entry entry =
        environment
            .state()
            .enter(request.fresh(), request.target(), clone -> lease(clone, opened), this::begin);
    switch (entry) {
      case Entry.Served(Session session) -> {
        if (!result.complete(session)) {
          session.close();
        }
      }
      case Entry.Wait(boolean again, Opening opening) -> {
        if (again && --attempts == 0) {
          result.completeExceptionally(Refusals.unstable(environment.name()));
          leave();
        } else {
          boolean isOwn = opening.equals(begun);
          var _ = opening.ready().whenComplete((end, failure) -> resume(isOwn, end, failure));
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

  private Opening begin() {
    Opening opening = new Opening(environment, host, request);
    begun = opening;
    return opening;
  }

  private Session lease(Clone clone, Opened opened) {
    Session session = new Session(environment, clone, host.clock().instant(), opened, effect);
    environment.sessions().add(session);
    return session;
  }

  /** The environment does not retire before it is told that this wait is over. */
  private void resume(boolean isOwn, @Nullable Opened opened, @Nullable Throwable failure) {
    try {
      if (failure != null) {
        result.completeExceptionally(failure);
      } else if (!result.isDone()) {
        Opened end = requireNonNull(opened, "it has neither succeeded nor failed");
        if (isOwn && effect == null) {
          effect = end.effect();
        }
        enter(end);
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
