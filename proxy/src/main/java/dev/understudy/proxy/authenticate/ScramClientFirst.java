package dev.understudy.proxy.authenticate;

import static dev.understudy.proxy.authenticate.ScramAttributes.malformed;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import java.util.regex.Pattern;

/**
 * The client's first message. Its user name is not looked at: the startup message has told it.
 *
 * @param channelBinding the base64 of the header, which the final message must repeat
 * @param bare the message without its header
 */
record ScramClientFirst(String channelBinding, String bare, String nonce) {
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x2B\\x2D-\\x7E]*");

  static ScramClientFirst parse(Bytes data) {
    ScramAttributes message = ScramAttributes.of(data);
    String channelBinding = readFlag(message);
    message.readComma();
    if (message.peek() == 'a') {
      throw unsupported("client uses authorization identity, but it is not supported");
    }
    if (message.peek() != ',') {
      throw malformed("Unexpected attribute \"" + message.shown() + "\" in client-first-message.");
    }
    message.readComma();
    String bare = message.rest();
    if (message.peek() == 'm') {
      throw unsupported("client requires an unsupported SCRAM extension");
    }
    message.readValue('n');
    String nonce = message.readValue('r');
    if (!PRINTABLE.matcher(nonce).matches()) {
      throw new ProtocolException("non-printable characters in SCRAM nonce");
    }
    while (message.hasMore()) {
      message.readAny();
    }
    return new ScramClientFirst(channelBinding, bare, nonce);
  }

  private static String readFlag(ScramAttributes message) {
    char flag = message.peek();
    return switch (flag) {
      case 'n' -> {
        message.skip();
        yield "biws";
      }
      case 'y' -> {
        message.skip();
        yield "eSws";
      }
      case 'p' ->
          throw malformed(
              "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message"
                  + " includes channel binding data.");
      default -> throw malformed("Unexpected channel-binding flag \"" + message.shown() + "\".");
    };
  }

  private static ProtocolException unsupported(String message) {
    return new ProtocolException(SqlState.FEATURE_NOT_SUPPORTED, message, null);
  }
}
