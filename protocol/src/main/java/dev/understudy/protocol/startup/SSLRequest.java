package dev.understudy.protocol.startup;

import io.netty.buffer.ByteBuf;

/** Asks for TLS; answered by one byte, {@code S} or {@code N}. */
public record SSLRequest() implements StartupPacket {
  static final int CODE = 80877103;

  @Override
  public void encode(ByteBuf out) {
    out.writeInt(2 * Integer.BYTES).writeInt(CODE);
  }
}
