package dev.understudy.protocol.startup;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.SqlState;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads startup packets.
 *
 * <ul>
 *   <li>The length is checked as soon as it is there, before anything is allocated or waited for.
 *   <li>The buffer is touched only once a whole packet is there, and keeps what follows it.
 *   <li>Only {@link ProtocolException} is thrown, whatever the bytes are.
 * </ul>
 */
public final class StartupPacketDecoder {
  /** As in PostgreSQL; the length word itself is not counted. */
  public static final int MAXIMUM_LENGTH = 10_000;

  private static final int MAJOR = 3;

  private StartupPacketDecoder() {}

  /**
   * Takes one packet off the buffer.
   *
   * @return null until the whole packet is there
   */
  public static @Nullable StartupPacket decode(ByteBuf in) {
    if (in.readableBytes() < Integer.BYTES) {
      return null;
    }
    int length = in.getInt(in.readerIndex());
    if (length < 2 * Integer.BYTES || length - Integer.BYTES > MAXIMUM_LENGTH) {
      throw new ProtocolException("invalid length of startup packet");
    }
    if (in.readableBytes() < length) {
      return null;
    }
    in.skipBytes(Integer.BYTES);
    int code = in.readInt();
    Bytes body = Bytes.read(in, length - 2 * Integer.BYTES);
    return switch (code) {
      case SSLRequest.CODE -> bodiless(body, new SSLRequest());
      case GSSENCRequest.CODE -> bodiless(body, new GSSENCRequest());
      case CancelRequest.CODE -> CancelRequest.decode(new MessageReader(body));
      default -> startupMessage(code >>> 16, code & 0xFFFF, body);
    };
  }

  private static StartupPacket bodiless(Bytes body, StartupPacket packet) {
    if (body.length() != 0) {
      throw new ProtocolException("invalid length of startup packet");
    }
    return packet;
  }

  private static StartupMessage startupMessage(int major, int minor, Bytes body) {
    if (major != MAJOR) {
      throw new ProtocolException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "unsupported frontend protocol %d.%d: server supports 3.0 to 3.2".formatted(major, minor),
          null);
    }
    Map<String, String> parameters = StartupParameters.decode(body);
    StartupMessage message = new StartupMessage(major, minor, parameters);
    if (message.user().isEmpty()) {
      throw new ProtocolException(
          SqlState.INVALID_AUTHORIZATION_SPECIFICATION,
          "no PostgreSQL user name specified in startup packet",
          null);
    }
    return message;
  }
}
