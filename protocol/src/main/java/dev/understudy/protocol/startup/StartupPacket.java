package dev.understudy.protocol.startup;

import io.netty.buffer.ByteBuf;

/** What a client may send first. */
public sealed interface StartupPacket
    permits StartupMessage, SSLRequest, GSSENCRequest, CancelRequest {

  /** Writes the packet with its length word. */
  void encode(ByteBuf out);
}
