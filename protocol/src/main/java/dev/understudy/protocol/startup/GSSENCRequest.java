package dev.understudy.protocol.startup;

import io.netty.buffer.ByteBuf;

/** Asks for GSSAPI encryption; answered by one byte, {@code G} or {@code N}. */
public record GSSENCRequest() implements StartupPacket {
  static final int CODE = 80877104;

  @Override
  public void encode(ByteBuf out) {
    out.writeInt(2 * Integer.BYTES).writeInt(CODE);
  }
}
