package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.ProtocolException;
import java.util.Arrays;

/** The answer to AuthenticationMD5Password; without its terminating zero byte. */
public record PasswordMessage(Bytes password) {
  public PasswordMessage {
    requireNonNull(password, "password is null");
  }

  public static PasswordMessage decode(AuthenticationResponse response) {
    byte[] body = response.body().toArray();
    int length = 0;
    while (length < body.length && body[length] != 0) {
      length++;
    }
    if (length + 1 != body.length) {
      throw new ProtocolException("invalid password packet size");
    }
    return new PasswordMessage(Bytes.of(Arrays.copyOf(body, length)));
  }
}
