package dev.understudy.protocol.frontend;

import static dev.understudy.protocol.MessageWriter.writeString;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Encoded;
import dev.understudy.protocol.Frame;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.function.Consumer;

/** Writes what clients send, as the product never does. */
final class FrontendMessages {
  private FrontendMessages() {}

  static void encode(FrontendMessage message, ByteBuf out) {
    switch (message) {
      case Query(String text) -> frame(out, 'Q', body -> writeString(body, text));
      case Parse(String statement, String text, List<Integer> types) ->
          frame(
              out,
              'P',
              body -> {
                writeString(body, statement);
                writeString(body, text);
                body.writeShort(types.size());
                types.forEach(body::writeInt);
              });
      case Bind bind -> frame(out, 'B', body -> write(bind, body));
      case Describe(Target target, String name) ->
          frame(out, 'D', body -> write(target, name, body));
      case Close(Target target, String name) -> frame(out, 'C', body -> write(target, name, body));
      case Execute(String portal, int maxRows) ->
          frame(
              out,
              'E',
              body -> {
                writeString(body, portal);
                body.writeInt(maxRows);
              });
      case FrontendMessage.Simple.SYNC -> frame(out, 'S', _ -> {});
      case FrontendMessage.Simple.FLUSH -> frame(out, 'H', _ -> {});
      case FrontendMessage.Simple.TERMINATE -> frame(out, 'X', _ -> {});
    }
  }

  private static void write(Target target, String name, ByteBuf out) {
    out.writeByte(target == Target.STATEMENT ? 'S' : 'P');
    writeString(out, name);
  }

  /** With NULL for every parameter. */
  private static void write(Bind bind, ByteBuf out) {
    writeString(out, bind.portal());
    writeString(out, bind.statement());
    out.writeShort(0);
    out.writeShort(bind.parameters());
    for (int i = 0; i < bind.parameters(); i++) {
      out.writeInt(-1);
    }
    out.writeShort(bind.resultFormats().size());
    bind.resultFormats().forEach(out::writeShort);
  }

  private static void frame(ByteBuf out, char type, Consumer<ByteBuf> body) {
    ByteBuf bytes = Encoded.of(body);
    new Frame((byte) type, Bytes.read(bytes, bytes.readableBytes())).encode(out);
  }
}
