package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.proxy.environment.EnvironmentException;
import dev.understudy.proxy.environment.Environments;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.environment.OpenRequest;
import dev.understudy.server.metrics.OpenKind;
import dev.understudy.server.metrics.OpenMeters;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.operate.Connects;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** The proxy's environments, fulfilled by the cloner, counted and audited. */
final class ClonedEnvironments implements Environments {
  private final Function<EnvironmentRequest, CompletableFuture<EnvironmentSession>> open;
  private final OpenMeters meters;
  private final Connects connects;

  ClonedEnvironments(
      Function<EnvironmentRequest, CompletableFuture<EnvironmentSession>> open,
      OpenMeters meters,
      Connects connects) {
    this.open = requireNonNull(open, "open is null");
    this.meters = requireNonNull(meters, "meters is null");
    this.connects = requireNonNull(connects, "connects is null");
  }

  @Override
  public CompletableFuture<Lease> open(OpenRequest request) {
    long begin = System.nanoTime();
    // A future of its own: cancelling it must not reach the creation that others wait for.
    CompletableFuture<Lease> wait = new CompletableFuture<>();
    CompletableFuture<EnvironmentSession> opening =
        open.apply(
            new EnvironmentRequest(
                request.environment(),
                request.database(),
                request.role(),
                request.fresh(),
                request.scope()));
    boolean ran = opening.isDone();
    CompletableFuture<EnvironmentSession> _ =
        opening.whenComplete((session, failure) -> {
          if (failure != null) {
            EnvironmentException translated = translate(failure);
            meters.refused(request.environment(), translated.sqlState());
            connects.refused(
                actor(request),
                request.environment(),
                request.fresh() != null,
                translated.sqlState());
            wait.completeExceptionally(translated);
            return;
          }
          // Also of a client that is gone: what it asked for was done.
          session
              .effect()
              .ifPresent(effect -> connects.done(actor(request), session.environment(), effect));
          OpenKind kind = kind(session, ran);
          SessionLease lease =
              new SessionLease(
                  session,
                  timings -> meters.connected(kind, timings),
                  () -> meters.closed(session.environment()));
          meters.opened(
              session.environment(),
              kind,
              session.creation().orElse(null),
              session.start().orElse(null),
              Duration.ofNanos(System.nanoTime() - begin));
          if (!wait.complete(lease)) {
            lease.close();
          }
        });
    return wait;
  }

  private static Actor actor(OpenRequest request) {
    return Connects.actor(request.login(), request.role(), request.client().toString());
  }

  private static OpenKind kind(EnvironmentSession session, boolean ran) {
    CreationTimings creation = session.creation().orElse(null);
    if (creation != null) {
      return creation.equals(CreationTimings.NOTHING) ? OpenKind.SPARE : OpenKind.CREATED;
    }
    return ran ? OpenKind.RUNNING : OpenKind.WOKEN;
  }

  private static EnvironmentException translate(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    if (cause instanceof EnvironmentUnavailable unavailable) {
      return new EnvironmentException(
          unavailable.sqlState(),
          String.valueOf(unavailable.getMessage()),
          unavailable.detail().orElse(null),
          unavailable.hint().orElse(null),
          unavailable);
    }
    return new EnvironmentException(
        "58000",
        "the environment could not be opened",
        null,
        "The log of Understudy has the reason.",
        cause);
  }
}
