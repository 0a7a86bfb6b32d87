package dev.understudy.protocol.backend;

import static dev.understudy.protocol.MessageWriter.writeString;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;

/** One statement is done. */
public record CommandComplete(String tag) implements Answer {
  public CommandComplete {
    requireNonNull(tag, "tag is null");
  }

  @Override
  public byte type() {
    return 'C';
  }

  @Override
  public void encodeBody(ByteBuf out) {
    writeString(out, tag);
  }
}
