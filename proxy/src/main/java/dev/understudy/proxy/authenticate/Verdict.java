package dev.understudy.proxy.authenticate;

import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.backend.ErrorResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an authentication ends.
 *
 * @param user as the client sent it, which is what a failure repeats
 * @param scope as the credential's
 * @param doom why it fails whatever the client answers; null: the answer decides
 */
record Verdict(String user, String role, @Nullable String scope, @Nullable String doom) {
  /** Of a login that holds everywhere. */
  Verdict(String user, String role, @Nullable String doom) {
    this(user, role, null, doom);
  }

  Step of(boolean isRight, List<AuthenticationRequest> last) {
    return isRight && doom == null
        ? new Step.Accepted(role, scope, last)
        : new Step.Rejected(failure(), doom == null ? "the password is wrong" : doom);
  }

  private ErrorResponse failure() {
    return ErrorResponse.fatal(
        SqlState.INVALID_PASSWORD,
        "password authentication failed for user \"" + user + "\"",
        null,
        null);
  }
}
