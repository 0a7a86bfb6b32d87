package dev.understudy.protocol;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One message after the startup packet: a type, a length and a body that has not been looked at. A
 * frame that is encoded again is byte for byte the one that was decoded.
 */
public record Frame(byte type, Bytes body) {
  private static final int HEADER_LENGTH = 5;

  public Frame {
    requireNonNull(body, "body is null");
  }

  /**
   * Takes one frame off the buffer, which keeps what follows.
   *
   * @param maximumLength of the body; checked before anything is allocated or waited for
   * @return null, with the buffer untouched, until the whole frame is there
   * @throws ProtocolException if the length word cannot be right
   */
  public static @Nullable Frame decode(ByteBuf in, int maximumLength) {
    if (in.readableBytes() < HEADER_LENGTH) {
      return null;
    }
    int length = in.getInt(in.readerIndex() + 1);
    if (length < Integer.BYTES || length - Integer.BYTES > maximumLength) {
      throw new ProtocolException("invalid message length");
    }
    if (in.readableBytes() < 1 + length) {
      return null;
    }
    byte type = in.readByte();
    in.skipBytes(Integer.BYTES);
    return new Frame(type, Bytes.read(in, length - Integer.BYTES));
  }

  public void encode(ByteBuf out) {
    out.writeByte(type).writeInt(Integer.BYTES + body.length());
    body.writeTo(out);
  }
}
