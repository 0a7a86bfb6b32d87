package dev.understudy.protocol.backend;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;
import io.netty.buffer.ByteBuf;

/** The last word of the mechanism; AuthenticationOk follows. */
public record AuthenticationSASLFinal(Bytes data) implements AuthenticationRequest {
  static final int METHOD = 12;

  public AuthenticationSASLFinal {
    requireNonNull(data, "data is null");
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeInt(METHOD);
    data.writeTo(out);
  }
}
