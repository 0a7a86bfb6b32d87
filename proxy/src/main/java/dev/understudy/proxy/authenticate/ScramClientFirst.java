package dev.understudy.proxy.authenticate;

import static dev.understudy.proxy.authenticate.ScramAttributes.malformed;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client's first message. Its user name is not looked at: the startup message has told it.
 *
 * @param isBound whether the exchange is tied to its connection
 * @param channelBinding what the final message must repeat: the base64 of the header, and of what
 *     it is bound to
 * @param bare the message without its header
 */
record ScramClientFirst(boolean isBound, String channelBinding, String bare, String nonce) {
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x2B\\x2D-\\x7E]*");

  /**
   * Reads one.
   *
   * @param offered null: the client could not have bound anything
   * @param isBound whether it has chosen to
   */
  static ScramClientFirst parse(Bytes data, @Nullable ChannelBinding offered, boolean isBound) {
    ScramAttributes message = ScramAttributes.of(data);
    String channelBinding =
        offered != null && isBound
            ? readBoundFlag(message, offered)
            : readUnboundFlag(message, offered != null);
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
    return new ScramClientFirst(isBound, channelBinding, bare, nonce);
  }

  private static String readBoundFlag(ScramAttributes message, ChannelBinding offered) {
    return switch (message.peek()) {
      case 'n', 'y' ->
          throw malformed(
              "The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include"
                  + " channel binding data.");
      case 'p' -> {
        if (!message.readValue('p').equals(ChannelBinding.TYPE)) {
          throw new ProtocolException("unsupported SCRAM channel-binding type");
        }
        yield offered.expected();
      }
      default -> throw unexpectedFlag(message);
    };
  }

  /** A client that sees no offer where there is one has been lied to by somebody between us. */
  private static String readUnboundFlag(ScramAttributes message, boolean isOffered) {
    String header =
        switch (message.peek()) {
          case 'n' -> "biws";
          case 'y' -> {
            if (isOffered) {
              throw new ProtocolException(
                  SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
                  "SCRAM channel binding negotiation error",
                  "The client supports SCRAM channel binding but thinks the server does not. "
                      + " However, this server does support channel binding.");
            }
            yield "eSws";
          }
          case 'p' ->
              throw malformed(
                  "The client selected SCRAM-SHA-256 without channel binding, but the SCRAM"
                      + " message includes channel binding data.");
          default -> throw unexpectedFlag(message);
        };
    message.skip();
    message.readComma();
    return header;
  }

  private static ProtocolException unexpectedFlag(ScramAttributes message) {
    return malformed("Unexpected channel-binding flag \"" + message.shown() + "\".");
  }

  private static ProtocolException unsupported(String message) {
    return new ProtocolException(SqlState.FEATURE_NOT_SUPPORTED, message, null);
  }
}
