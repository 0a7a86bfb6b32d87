package dev.understudy.protocol.frontend;

import dev.understudy.protocol.Frame;
import dev.understudy.protocol.MessageReader;
import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a client sends after it has logged in. */
public final class FrontendMessageDecoder {
  /** Of the body. A statement of the console is short; a megabyte is somebody's mistake. */
  public static final int MAXIMUM_LENGTH = 1 << 20;

  private FrontendMessageDecoder() {}

  /**
   * Takes one message off the buffer, which keeps what follows.
   *
   * @return null, with the buffer untouched, until the whole message is there
   * @throws ProtocolException as soon as length or content are seen to be wrong
   */
  public static @Nullable FrontendMessage decode(ByteBuf in) {
    Frame frame = Frame.decode(in, MAXIMUM_LENGTH);
    if (frame == null) {
      return null;
    }
    MessageReader body = new MessageReader(frame.body());
    FrontendMessage message = decode(frame.type(), body);
    body.end();
    return message;
  }

  private static FrontendMessage decode(byte type, MessageReader body) {
    return switch (type) {
      case 'Q' -> new Query(body.readString());
      case 'P' -> parse(body);
      case 'B' -> bind(body);
      case 'D' -> new Describe(Target.of(body.readByte()), body.readString());
      case 'E' -> new Execute(body.readString(), body.readInt());
      case 'C' -> new Close(Target.of(body.readByte()), body.readString());
      case 'S' -> FrontendMessage.Simple.SYNC;
      case 'H' -> FrontendMessage.Simple.FLUSH;
      case 'X' -> FrontendMessage.Simple.TERMINATE;
      default -> throw new ProtocolException("invalid frontend message type " + (type & 0xFF));
    };
  }

  private static Parse parse(MessageReader body) {
    String statement = body.readString();
    String text = body.readString();
    int count = body.readShort();
    List<Integer> types = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      types.add(body.readInt());
    }
    return new Parse(statement, text, types);
  }

  private static Bind bind(MessageReader body) {
    String portal = body.readString();
    String statement = body.readString();
    List<Integer> _ = formats(body);
    int parameters = body.readShort();
    for (int i = 0; i < parameters; i++) {
      int length = body.readInt();
      if (length >= 0) {
        body.readBytes(length);
      } else if (length != -1) {
        throw new ProtocolException("invalid message format");
      }
    }
    return new Bind(portal, statement, parameters, formats(body));
  }

  private static List<Integer> formats(MessageReader body) {
    int count = body.readShort();
    List<Integer> formats = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int code = body.readShort();
      if (code > 1) {
        throw new ProtocolException("unsupported format code: " + code);
      }
      formats.add(code);
    }
    return formats;
  }
}
