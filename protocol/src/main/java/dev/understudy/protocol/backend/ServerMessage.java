package dev.understudy.protocol.backend;

import io.netty.buffer.ByteBuf;

/** What a server sends. */
public sealed interface ServerMessage permits BackendMessage, Answer {
  byte type();

  /** Writes what follows type and length. */
  void encodeBody(ByteBuf out);

  /** Writes the whole message. */
  default void encode(ByteBuf out) {
    out.writeByte(type());
    int start = out.writerIndex();
    out.writeInt(0);
    encodeBody(out);
    out.setInt(start, out.writerIndex() - start);
  }
}
