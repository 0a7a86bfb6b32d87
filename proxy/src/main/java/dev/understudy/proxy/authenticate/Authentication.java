package dev.understudy.proxy.authenticate;

import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import org.jspecify.annotations.Nullable;

/** One client's authentication, from the first request to the verdict. Not for several threads. */
public sealed interface Authentication permits ScramAuthentication, Md5Authentication {
  /**
   * What the login is checked against holds for that alone, as {@link Credential#scope} has it;
   * null: for all. The same for a login that cannot succeed.
   */
  @Nullable String scope();

  /** What to ask of the client first. */
  AuthenticationRequest request();

  /**
   * Takes the client's answer to the last request.
   *
   * @throws ProtocolException if the answer is malformed; nothing may follow then
   * @throws IllegalStateException after the verdict
   */
  Step answer(AuthenticationResponse response);
}
