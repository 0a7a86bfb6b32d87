package dev.understudy.proxy.authenticate;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import dev.understudy.protocol.backend.AuthenticationRequest;
import dev.understudy.protocol.backend.AuthenticationSASL;
import dev.understudy.protocol.backend.AuthenticationSASLContinue;
import dev.understudy.protocol.backend.AuthenticationSASLFinal;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import dev.understudy.protocol.frontend.SASLInitialResponse;
import dev.understudy.protocol.frontend.SASLResponse;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SCRAM-SHA-256, with channel binding where there is something to bind to, against a verifier: RFC
 * 5802 as PostgreSQL does it.
 */
final class ScramAuthentication implements Authentication {
  static final String MECHANISM = "SCRAM-SHA-256";
  static final String BINDING_MECHANISM = "SCRAM-SHA-256-PLUS";

  /** Of random bytes, before base64: as in PostgreSQL. */
  private static final int NONCE_LENGTH = 18;

  private final ScramVerifier verifier;
  private final Verdict verdict;
  private final @Nullable ChannelBinding binding;
  private final SecureRandom random;
  private State state = new AwaitingInitialResponse();

  /** Each state takes the one message that may come next; moves only forward. */
  private sealed interface State {}

  private record AwaitingInitialResponse() implements State {}

  /** The client chose the mechanism and wanted a challenge before it said more. */
  private record AwaitingClientFirst(boolean isBound) implements State {}

  private record AwaitingClientFinal(ScramClientFirst clientFirst, ScramServerFirst serverFirst)
      implements State {}

  private record Over() implements State {}

  /**
   * Begins an exchange.
   *
   * @param binding null: only what works without one is offered
   */
  ScramAuthentication(
      ScramVerifier verifier,
      Verdict verdict,
      @Nullable ChannelBinding binding,
      SecureRandom random) {
    this.verifier = verifier;
    this.verdict = verdict;
    this.binding = binding;
    this.random = random;
  }

  @Override
  public @Nullable String scope() {
    return verdict.scope();
  }

  @Override
  public AuthenticationRequest request() {
    return new AuthenticationSASL(
        binding == null ? List.of(MECHANISM) : List.of(BINDING_MECHANISM, MECHANISM));
  }

  @Override
  public Step answer(AuthenticationResponse response) {
    State current = state;
    // Whatever is malformed ends the exchange.
    state = new Over();
    return switch (current) {
      case AwaitingInitialResponse _ -> initial(SASLInitialResponse.decode(response));
      case AwaitingClientFirst(boolean isBound) ->
          first(isBound, SASLResponse.decode(response).data());
      case AwaitingClientFinal(ScramClientFirst clientFirst, ScramServerFirst serverFirst) ->
          last(clientFirst, serverFirst, SASLResponse.decode(response).data());
      case Over _ -> throw new IllegalStateException("authentication is over");
    };
  }

  private Step initial(SASLInitialResponse response) {
    boolean isBound = binding != null && response.mechanism().equals(BINDING_MECHANISM);
    if (!isBound && !response.mechanism().equals(MECHANISM)) {
      throw new ProtocolException("client selected an invalid SASL authentication mechanism");
    }
    if (response.data() == null) {
      state = new AwaitingClientFirst(isBound);
      return new Step.Challenge(new AuthenticationSASLContinue(Bytes.EMPTY));
    }
    return first(isBound, response.data());
  }

  private Step first(boolean isBound, Bytes data) {
    ScramClientFirst clientFirst = ScramClientFirst.parse(data, binding, isBound);
    ScramServerFirst serverFirst =
        new ScramServerFirst(clientFirst.nonce() + nonce(), verifier.salt(), verifier.iterations());
    state = new AwaitingClientFinal(clientFirst, serverFirst);
    return new Step.Challenge(new AuthenticationSASLContinue(Bytes.utf8(serverFirst.text())));
  }

  private Step last(ScramClientFirst clientFirst, ScramServerFirst serverFirst, Bytes data) {
    ScramClientFinal clientFinal = ScramClientFinal.parse(data, clientFirst);
    if (!Bytes.utf8(clientFinal.nonce()).equals(Bytes.utf8(serverFirst.nonce()))) {
      throw new ProtocolException(
          SqlState.PROTOCOL_VIOLATION, "invalid SCRAM response", "Nonce does not match.");
    }
    ScramProof proof =
        new ScramProof(
            clientFirst.bare() + "," + serverFirst.text() + "," + clientFinal.withoutProof());
    // Computed in a doomed exchange too: the time it takes must not tell one from another.
    boolean isRight = proof.isOf(clientFinal.proof(), verifier.storedKey());
    Bytes signature = proof.serverSignature(verifier.serverKey());
    String serverFinal = "v=" + Base64.getEncoder().encodeToString(signature.toArray());
    return verdict.of(isRight, List.of(new AuthenticationSASLFinal(Bytes.utf8(serverFinal))));
  }

  private String nonce() {
    return Base64.getEncoder().encodeToString(Bytes.random(NONCE_LENGTH, random).toArray());
  }
}
