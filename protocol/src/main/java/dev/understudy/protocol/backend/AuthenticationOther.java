package dev.understudy.protocol.backend;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;
import io.netty.buffer.ByteBuf;

/** A method that is never offered here and never expected from a clone, such as GSSAPI. */
public record AuthenticationOther(int method, Bytes data) implements AuthenticationRequest {
  public AuthenticationOther {
    requireNonNull(data, "data is null");
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeInt(method);
    data.writeTo(out);
  }
}
