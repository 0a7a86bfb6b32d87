package dev.understudy.proxy.authenticate;

import static dev.understudy.proxy.authenticate.ScramAttributes.malformed;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import java.util.Base64;

/** The client's final message, parted where its proof begins. */
record ScramClientFinal(String nonce, String withoutProof, Bytes proof) {
  private static final int BASE64_GROUP = 4;

  static ScramClientFinal parse(Bytes data, ScramClientFirst first) {
    ScramAttributes message = ScramAttributes.of(data);
    if (!message.readValue('c').equals(first.channelBinding())) {
      throw first.isBound()
          ? new ProtocolException(
              SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
              "SCRAM channel binding check failed",
              null)
          : new ProtocolException(
              "unexpected SCRAM channel-binding attribute in client-final-message");
    }
    String nonce = message.readValue('r');
    String withoutProof = message.consumed();
    while (message.peek() != 'p') {
      message.readAny();
      withoutProof = message.consumed();
    }
    Bytes proof = decode(message.readValue('p'));
    if (message.hasMore()) {
      throw malformed("Garbage found at the end of client-final-message.");
    }
    return new ScramClientFinal(nonce, withoutProof, proof);
  }

  /** Java's decoder does without the padding, PostgreSQL's does not. */
  private static Bytes decode(String text) {
    try {
      Bytes proof = Bytes.of(Base64.getDecoder().decode(text));
      if (proof.length() == ScramVerifier.KEY_LENGTH && text.length() % BASE64_GROUP == 0) {
        return proof;
      }
    } catch (IllegalArgumentException e) {
      // Not base64 and base64 of the wrong length are the same to a client.
    }
    throw malformed("Malformed proof in client-final-message.");
  }
}
