package dev.understudy.proxy.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/**
 * What a client says in its ClientHello that it is going to speak (ALPN). As PostgreSQL has it, a
 * client that offers application protocols must offer ours; one that offers none speaks it anyway.
 */
final class ApplicationProtocols {
  /** What clients of PostgreSQL offer, those of direct TLS always. */
  static final String OURS = "postgresql";

  private static final int EXTENSION = 16;
  private static final int BEFORE_SESSION_ID = 2 + 32;

  private ApplicationProtocols() {}

  /**
   * True if protocols are offered, and ours is not among them. What cannot be read is the engine's
   * to judge.
   *
   * @param hello the message without its header; read only
   */
  static boolean areOthersAlone(ByteBuf hello) {
    try {
      return areOthers(hello.duplicate());
    } catch (IndexOutOfBoundsException e) {
      return false;
    }
  }

  private static boolean areOthers(ByteBuf hello) {
    hello.skipBytes(BEFORE_SESSION_ID);
    hello.skipBytes(hello.readUnsignedByte());
    hello.skipBytes(hello.readUnsignedShort()); // cipher suites
    hello.skipBytes(hello.readUnsignedByte()); // compression methods
    ByteBuf extensions = hello.readSlice(hello.readUnsignedShort());
    while (extensions.isReadable()) {
      int type = extensions.readUnsignedShort();
      ByteBuf content = extensions.readSlice(extensions.readUnsignedShort());
      if (type == EXTENSION) {
        return isOursMissing(content.readSlice(content.readUnsignedShort()));
      }
    }
    return false;
  }

  private static boolean isOursMissing(ByteBuf offered) {
    while (offered.isReadable()) {
      if (offered.readSlice(offered.readUnsignedByte()).toString(US_ASCII).equals(OURS)) {
        return false;
      }
    }
    return true;
  }
}
