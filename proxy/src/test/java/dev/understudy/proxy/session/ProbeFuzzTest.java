package dev.understudy.proxy.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.proxy.session.Probe.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProbeFuzzTest {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "Q\0\0\0\5\0",
            "Q\0\0\0\15SELECT 1\0",
            "Q\0\0\0\16SELECT 1;\0S\0\0\0\4",
            "Q\0\0\0\30/* ping */ SELECT 1\0",
            "Q\0\0\0\21SET x = 'y';\0",
            "P\0\0\0\10\0\0\0\0B\0\0\0\14\0\0\0\0\0\0\0\0D\0\0\0\6P\0E\0\0\0\11\0\0\0\0\0S\0\0\0\4",
            "B\0\0\0\14\0\0\0\0\0\0\0\0E\0\0\0\11\0\0\0\0\0S\0\0\0\4",
            "X\0\0\0\4",
            "Q\u007f\u00ff\u00ff\u00ff;\0")
        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void of(byte[] bytes) {
    Kind kind = kindWithin(bytes, (byte) 0);
    // What lies around the bytes is not looked at.
    assertThat(kindWithin(bytes, (byte) 'S')).isEqualTo(kind);
    if (kind != Kind.USE) {
      assertConsistsOfWholeMessages(bytes);
    }
  }

  private static Kind kindWithin(byte[] bytes, byte around) {
    ByteBuf buffer = Unpooled.buffer(bytes.length + 16);
    for (int i = 0; i < buffer.capacity(); i++) {
      buffer.setByte(i, around);
    }
    buffer.setIndex(8, 8).writeBytes(bytes);
    Kind kind = Probe.of(buffer);
    assertThat(buffer.readerIndex()).isEqualTo(8);
    assertThat(buffer.readableBytes()).isEqualTo(bytes.length);
    return kind;
  }

  private static void assertConsistsOfWholeMessages(byte[] bytes) {
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
    while (buffer.isReadable()) {
      assertThat("QPBDESHX").contains(String.valueOf((char) buffer.readByte()));
      int length = buffer.readInt();
      assertThat(length).isGreaterThanOrEqualTo(4);
      buffer.skipBytes(length - 4);
    }
  }
}
