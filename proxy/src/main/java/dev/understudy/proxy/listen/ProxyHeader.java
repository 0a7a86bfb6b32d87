package dev.understudy.proxy.listen;

import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * The header of the PROXY protocol, version 2.
 *
 * <p>Netty's decoder is not used: it takes version 1 too, lets a peer without a header wait for
 * more, and reads the additional data, which nobody here asks for.
 *
 * @param source of the connection that is passed on; null: the sender connects for itself, or does
 *     not say for whom
 */
record ProxyHeader(@Nullable InetSocketAddress source) {
  /** Of what follows the fixed part; the addresses take 36 bytes, the rest is skipped. */
  static final int MAXIMUM_LENGTH = 4096;

  private static final byte[] SIGNATURE = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };
  private static final int FIXED_LENGTH = SIGNATURE.length + 4;

  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;

  private static final int UNSPECIFIED = 0x00;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;

  private static final int PORTS_LENGTH = 2 * Short.BYTES;

  /**
   * Takes the header off the buffer, which keeps what follows. What cannot become one is refused at
   * its first wrong byte.
   *
   * @return null, with the buffer untouched, until the whole header is there
   */
  static @Nullable ProxyHeader decode(ByteBuf in) {
    int start = in.readerIndex();
    int available = in.readableBytes();
    for (int i = 0; i < Math.min(available, SIGNATURE.length); i++) {
      if (in.getByte(start + i) != SIGNATURE[i]) {
        throw new ProtocolException("the connection does not begin with a PROXY protocol header");
      }
    }
    if (available < FIXED_LENGTH) {
      return null;
    }
    int command = in.getUnsignedByte(start + SIGNATURE.length);
    int family = in.getUnsignedByte(start + SIGNATURE.length + 1);
    int length = in.getUnsignedShort(start + SIGNATURE.length + 2);
    if (command != LOCAL && command != PROXY) {
      throw new ProtocolException("unknown version or command of a PROXY protocol header");
    }
    if (length > MAXIMUM_LENGTH) {
      throw new ProtocolException("invalid length of a PROXY protocol header");
    }
    if (available < FIXED_LENGTH + length) {
      return null;
    }
    in.skipBytes(FIXED_LENGTH);
    ByteBuf rest = in.readSlice(length);
    return new ProxyHeader(command == LOCAL ? null : source(family, rest));
  }

  private static @Nullable InetSocketAddress source(int family, ByteBuf rest) {
    return switch (family) {
      case UNSPECIFIED -> null;
      case TCP_OVER_IPV4 -> source(new byte[4], rest);
      case TCP_OVER_IPV6 -> source(new byte[16], rest);
      default -> throw new ProtocolException("a PROXY protocol header that is not of TCP");
    };
  }

  private static InetSocketAddress source(byte[] address, ByteBuf rest) {
    if (rest.readableBytes() < 2 * address.length + PORTS_LENGTH) {
      throw new ProtocolException("invalid length of a PROXY protocol header");
    }
    rest.readBytes(address).skipBytes(address.length);
    try {
      return new InetSocketAddress(InetAddress.getByAddress(address), rest.readUnsignedShort());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes always are an address", e);
    }
  }
}
