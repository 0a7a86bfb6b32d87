package dev.understudy.proxy.session;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.environment.EnvironmentException;
import dev.understudy.proxy.refuse.Refusals;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs why there is no server for a client, and finds the words for the client. */
final class OpeningFailure {
  private static final Logger log = LoggerFactory.getLogger(OpeningFailure.class);

  private OpeningFailure() {}

  static ErrorResponse report(SessionRequest request, @Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof EnvironmentException exception) {
      log.info(
          "{}: no session for \"{}\" in environment \"{}\": {}",
          request.client(),
          request.login(),
          request.environment(),
          exception.getMessage());
      return Refusals.of(exception);
    }
    log.warn("{}: opening \"{}\" failed", request.client(), request.environment(), cause);
    return Refusals.serverFailed(request.environment(), "Internal error; the log has more.");
  }
}
