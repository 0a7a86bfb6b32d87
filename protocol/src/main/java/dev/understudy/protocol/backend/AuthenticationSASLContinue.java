package dev.understudy.protocol.backend;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;
import io.netty.buffer.ByteBuf;

/** A challenge of the mechanism. */
public record AuthenticationSASLContinue(Bytes data) implements AuthenticationRequest {
  static final int METHOD = 11;

  public AuthenticationSASLContinue {
    requireNonNull(data, "data is null");
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeInt(METHOD);
    data.writeTo(out);
  }
}
