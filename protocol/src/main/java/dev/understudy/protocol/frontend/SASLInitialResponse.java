package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.MessageReader;
import org.jspecify.annotations.Nullable;

/**
 * The answer to AuthenticationSASL: the mechanism that the client chose.
 *
 * @param data the mechanism's first message; null where the client waits for a challenge first
 */
public record SASLInitialResponse(String mechanism, @Nullable Bytes data) {
  private static final int NO_DATA = -1;

  public SASLInitialResponse {
    requireNonNull(mechanism, "mechanism is null");
  }

  public static SASLInitialResponse decode(AuthenticationResponse response) {
    MessageReader body = new MessageReader(response.body());
    String mechanism = body.readString();
    int length = body.readInt();
    Bytes data = length == NO_DATA ? null : body.readBytes(length);
    body.end();
    return new SASLInitialResponse(mechanism, data);
  }
}
