package dev.understudy.protocol;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** How fields are written. */
public final class MessageWriter {
  private MessageWriter() {}

  /**
   * Writes a text and its terminating zero byte.
   *
   * @throws IllegalArgumentException if the text itself holds a zero, which would end it early and
   *     let its rest be read as something else
   */
  public static void writeString(ByteBuf out, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("text holds a zero character");
    }
    out.writeCharSequence(text, StandardCharsets.UTF_8);
    out.writeByte(0);
  }
}
