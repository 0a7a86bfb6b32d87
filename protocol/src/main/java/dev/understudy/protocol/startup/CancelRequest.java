package dev.understudy.protocol.startup;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;

/**
 * Asks to cancel what another session runs; never answered.
 *
 * @param key 4 bytes in protocol 3.0, up to 256 from 3.2 on
 */
public record CancelRequest(int pid, Bytes key) implements StartupPacket {
  static final int CODE = 80877102;
  public static final int MINIMUM_KEY_LENGTH = 4;
  public static final int MAXIMUM_KEY_LENGTH = 256;

  public CancelRequest {
    requireNonNull(key, "key is null");
    if (key.length() < MINIMUM_KEY_LENGTH || key.length() > MAXIMUM_KEY_LENGTH) {
      throw new IllegalArgumentException("key of " + key.length() + " bytes");
    }
  }

  static CancelRequest decode(MessageReader body) {
    int pid = body.readInt();
    Bytes key = body.readRemaining();
    if (key.length() < MINIMUM_KEY_LENGTH || key.length() > MAXIMUM_KEY_LENGTH) {
      throw new ProtocolException("invalid length of cancel request packet");
    }
    return new CancelRequest(pid, key);
  }

  @Override
  public void encode(ByteBuf out) {
    out.writeInt(3 * Integer.BYTES + key.length()).writeInt(CODE).writeInt(pid);
    key.writeTo(out);
  }
}
