package dev.understudy.protocol.backend;

import static dev.understudy.protocol.MessageWriter.writeString;

import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * The server speaks less than the client asked for.
 *
 * @param minor the newest minor version of protocol 3 that the server speaks. On the wire the whole
 *     version travels, as PostgreSQL and libpq have it
 * @param unrecognizedOptions protocol options ({@code _pq_.*}) that the server does not know
 */
public record NegotiateProtocolVersion(int minor, List<String> unrecognizedOptions)
    implements BackendMessage {
  static final byte TYPE = 'v';

  private static final int MAJOR = 3;

  public NegotiateProtocolVersion {
    unrecognizedOptions = List.copyOf(unrecognizedOptions);
  }

  static NegotiateProtocolVersion decode(MessageReader body) {
    int version = body.readInt();
    if (version >>> 16 != MAJOR) {
      throw new ProtocolException("server negotiates a protocol version other than 3");
    }
    int count = body.readInt();
    if (count < 0) {
      throw new ProtocolException("server reports a negative number of protocol options");
    }
    List<String> options = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      options.add(body.readString());
    }
    body.end();
    return new NegotiateProtocolVersion(version & 0xFFFF, options);
  }

  @Override
  public byte type() {
    return TYPE;
  }

  @Override
  public void encodeBody(ByteBuf out) {
    out.writeShort(MAJOR).writeShort(minor).writeInt(unrecognizedOptions.size());
    unrecognizedOptions.forEach(option -> writeString(out, option));
  }
}
