package dev.understudy.protocol.backend;

import io.netty.buffer.ByteBuf;

/** A prepared statement that takes no parameters. */
public record ParameterDescription() implements Answer {
  @Override
  public byte type() {
    return 't';
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeShort(0);
  }
}
