package dev.understudy.proxy.authenticate;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.backend.ErrorResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What follows an answer of the client. */
public sealed interface Step {
  /** Send this and wait for another answer. */
  record Challenge(AuthenticationRequest request) implements Step {
    public Challenge {
      requireNonNull(request, "request is null");
    }
  }

  /**
   * The client is who it says it is.
   *
   * @param role what it is inside a clone
   * @param scope as {@link Credential#scope}
   * @param last to be sent before AuthenticationOk
   */
  record Accepted(String role, @Nullable String scope, List<AuthenticationRequest> last)
      implements Step {
    public Accepted {
      requireNonNull(role, "role is null");
      last = List.copyOf(last);
    }
  }

  /**
   * The client is not, or nobody could be.
   *
   * @param error for the client: the same whatever the reason
   * @param reason for the log only
   */
  record Rejected(ErrorResponse error, String reason) implements Step {
    public Rejected {
      requireNonNull(error, "error is null");
      requireNonNull(reason, "reason is null");
    }
  }
}
