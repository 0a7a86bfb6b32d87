package dev.understudy.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one message's body. Every method either succeeds or throws a {@link
 * ProtocolException} with PostgreSQL's own wording; none reads past the body.
 */
public final class MessageReader {
  private final ByteBuffer body;

  public MessageReader(Bytes body) {
    this.body = ByteBuffer.wrap(body.toArray());
  }

  public boolean hasRemaining() {
    return body.hasRemaining();
  }

  public byte readByte() {
    require(Byte.BYTES);
    return body.get();
  }

  /** Of two bytes, without a sign. */
  public int readShort() {
    require(Short.BYTES);
    return Short.toUnsignedInt(body.getShort());
  }

  public int readInt() {
    require(Integer.BYTES);
    return body.getInt();
  }

  public Bytes readBytes(int length) {
    require(length);
    byte[] value = new byte[length];
    body.get(value);
    return Bytes.of(value);
  }

  public Bytes readRemaining() {
    return readBytes(body.remaining());
  }

  /**
   * Reads up to the next zero byte and over it. What is not UTF-8 becomes replacement characters:
   * before a client encoding is agreed on, a server's messages may be in any encoding.
   */
  public String readString() {
    int start = body.position();
    int end = start;
    while (end < body.limit() && body.get(end) != 0) {
      end++;
    }
    if (end == body.limit()) {
      throw new ProtocolException("invalid string in message");
    }
    body.position(end + 1);
    return new String(body.array(), start, end - start, StandardCharsets.UTF_8);
  }

  /** Checks that the body has been read to its end. */
  public void end() {
    if (body.hasRemaining()) {
      throw new ProtocolException("invalid message format");
    }
  }

  private void require(int length) {
    if (length < 0 || length > body.remaining()) {
      throw new ProtocolException("insufficient data left in message");
    }
  }
}
