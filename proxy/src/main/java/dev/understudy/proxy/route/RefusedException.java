package dev.understudy.proxy.route;

import dev.understudy.protocol.backend.ErrorResponse;
import java.util.Objects;

/** Ends routing early; becomes a {@link RefusedRoute} and never leaves this package. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ErrorResponse refusal;

  RefusedException(ErrorResponse refusal) {
    super(refusal.message(), null, false, false);
    this.refusal = Objects.requireNonNull(refusal, "refusal is null");
  }

  ErrorResponse refusal() {
    return refusal;
  }
}
