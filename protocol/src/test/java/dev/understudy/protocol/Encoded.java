package dev.understudy.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;

/** Buffers for tests. Unpooled and on the heap, so a test need not release them. */
public final class Encoded {
  private Encoded() {}

  public static ByteBuf of(Consumer<ByteBuf> encode) {
    ByteBuf out = Unpooled.buffer();
    encode.accept(out);
    return out;
  }

  public static String hex(Consumer<ByteBuf> encode) {
    return ByteBufUtil.hexDump(of(encode));
  }

  public static ByteBuf fromHex(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
  }
}
