package dev.understudy.proxy.authenticate;

import static com.ongres.scram.common.ScramMechanism.SCRAM_SHA_256;

import com.ongres.scram.common.ScramFunctions;
import dev.understudy.protocol.Bytes;
import java.nio.charset.StandardCharsets;

/** What both sides sign: the three messages of the exchange. */
final class ScramProof {
  private final byte[] authMessage;

  /**
   * Takes the messages as they were sent.
   *
   * @param authMessage a character for each byte
   */
  ScramProof(String authMessage) {
    this.authMessage = authMessage.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** True if a client that knows the password made the proof. */
  boolean isOf(Bytes proof, Bytes storedKey) {
    byte[] clientKey = proof.toArray();
    byte[] signature = sign(storedKey);
    for (int i = 0; i < clientKey.length; i++) {
      clientKey[i] ^= signature[i];
    }
    return Bytes.of(ScramFunctions.hash(SCRAM_SHA_256, clientKey)).equals(storedKey);
  }

  /** Shows the client that we know its verifier. */
  Bytes serverSignature(Bytes serverKey) {
    return Bytes.of(sign(serverKey));
  }

  private byte[] sign(Bytes key) {
    return ScramFunctions.hmac(SCRAM_SHA_256, key.toArray(), authMessage);
  }
}
