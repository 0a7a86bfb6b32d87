package dev.understudy.proxy.authenticate;

import static com.ongres.scram.common.ScramMechanism.SCRAM_SHA_256;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.StringPreparation;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.MessageWriter;
import dev.understudy.protocol.backend.AuthenticationSASLContinue;
import dev.understudy.protocol.frontend.AuthenticationResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A client for tests: correct unless told otherwise, message by message. */
final class ScramClient {
  static final String NONCE = "fyko+d2lbbFgONRv9qkxdawL";

  private final String password;

  ScramClient(String password) {
    this.password = password;
  }

  static AuthenticationResponse initial(String clientFirst) {
    return initial("SCRAM-SHA-256", bytes(clientFirst));
  }

  static AuthenticationResponse initial(String mechanism, Bytes clientFirst) {
    ByteBuf body = Unpooled.buffer();
    MessageWriter.writeString(body, mechanism);
    body.writeInt(clientFirst.length());
    clientFirst.writeTo(body);
    return new AuthenticationResponse(Bytes.read(body, body.readableBytes()));
  }

  static AuthenticationResponse response(String data) {
    return new AuthenticationResponse(bytes(data));
  }

  static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static String text(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
  }

  static String serverFirst(Step step) {
    return text(((AuthenticationSASLContinue) ((Step.Challenge) step).request()).data());
  }

  /** The client's final message, with its proof, for messages sent and received so far. */
  String clientFinal(String channelBinding, String bare, String serverFirst, String extensions) {
    String withoutProof = "c=" + channelBinding + ",r=" + attribute(serverFirst, 0) + extensions;
    byte[] salt = Base64.getDecoder().decode(attribute(serverFirst, 1));
    int iterations = Integer.parseInt(attribute(serverFirst, 2));
    byte[] salted =
        ScramFunctions.saltedPassword(
            SCRAM_SHA_256,
            StringPreparation.POSTGRESQL_PREPARATION,
            password.toCharArray(),
            salt,
            iterations);
    byte[] clientKey = ScramFunctions.clientKey(SCRAM_SHA_256, salted);
    byte[] storedKey = ScramFunctions.storedKey(SCRAM_SHA_256, clientKey);
    byte[] signature =
        ScramFunctions.hmac(
            SCRAM_SHA_256,
            storedKey,
            bytes(bare + "," + serverFirst + "," + withoutProof).toArray());
    byte[] proof = ScramFunctions.clientProof(clientKey, signature);
    return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
  }

  /** A whole exchange as libpq has it. */
  Step authenticate(Authentication authentication) {
    String bare = "n=,r=" + NONCE;
    String serverFirst = serverFirst(authentication.answer(initial("n,," + bare)));
    return authentication.answer(response(clientFinal("biws", bare, serverFirst, "")));
  }

  static String attribute(String message, int index) {
    return message.split(",", -1)[index].substring(2);
  }
}
