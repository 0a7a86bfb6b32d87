package dev.understudy.protocol.frontend;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A message of type {@code p} whose meaning depends on what the server asked for last: read it as
 * {@link PasswordMessage}, {@link SASLInitialResponse} or {@link SASLResponse}.
 */
public record AuthenticationResponse(Bytes body) {
  static final byte TYPE = 'p';

  /** Of the body. Tokens of some kilobytes fit; nobody has a reason to send more. */
  public static final int MAXIMUM_LENGTH = 65_535;

  public AuthenticationResponse {
    requireNonNull(body, "body is null");
  }

  /**
   * Takes one message off the buffer, which keeps what follows.
   *
   * @return null, with the buffer untouched, until the whole message is there
   * @throws ProtocolException as soon as type or length are seen to be wrong
   */
  public static @Nullable AuthenticationResponse decode(ByteBuf in) {
    if (in.isReadable() && in.getByte(in.readerIndex()) != TYPE) {
      throw new ProtocolException(
          "expected password response, got message type " + in.getUnsignedByte(in.readerIndex()));
    }
    Frame frame = Frame.decode(in, MAXIMUM_LENGTH);
    return frame == null ? null : new AuthenticationResponse(frame.body());
  }

  public void encode(ByteBuf out) {
    new Frame(TYPE, body).encode(out);
  }
}
