package dev.understudy.protocol.backend;

import io.netty.buffer.ByteBuf;

/** The client is who it says it is. */
public record AuthenticationOk() implements AuthenticationRequest {
  static final int METHOD = 0;

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeInt(METHOD);
  }
}
