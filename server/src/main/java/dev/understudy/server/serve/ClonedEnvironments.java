package dev.understudy.server.serve;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.proxy.environment.EnvironmentException;
import dev.understudy.proxy.environment.Environments;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.environment.OpenRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/** The proxy's environments, fulfilled by the cloner. */
final class ClonedEnvironments implements Environments {
  private final Function<EnvironmentRequest, CompletableFuture<EnvironmentSession>> open;

  ClonedEnvironments(Function<EnvironmentRequest, CompletableFuture<EnvironmentSession>> open) {
    this.open = requireNonNull(open, "open is null");
  }

  @Override
  public CompletableFuture<Lease> open(OpenRequest request) {
    // A future of its own: cancelling it must not reach the creation that others wait for.
    CompletableFuture<Lease> wait = new CompletableFuture<>();
    CompletableFuture<EnvironmentSession> _ =
        open.apply(
                new EnvironmentRequest(
                    request.environment(),
                    request.database(),
                    request.role(),
                    request.fresh(),
                    request.scope()))
            .whenComplete((session, failure) -> {
              if (failure != null) {
                wait.completeExceptionally(translate(failure));
              } else if (!wait.complete(new SessionLease(session))) {
                session.close();
              }
            });
    return wait;
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
