package dev.understudy.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrameFuzzTest {
  private static final int MAXIMUM_LENGTH = 1000;

  private static final DecoderCheck<Frame> CHECK =
      DecoderCheck.of(
          new DecoderCheck.Codec<>() {
            @Override
            public @Nullable Frame decode(ByteBuf in) {
              return Frame.decode(in, MAXIMUM_LENGTH);
            }

            @Override
            public void encode(Frame frame, ByteBuf out) {
              frame.encode(out);
            }
          });

  static Stream<byte[]> seeds() {
    return Stream.of(
            "5a0000000549",
            "5a00000005495a0000000554",
            "520000000800000000" + "4b0000000c0000000100000002" + "5a0000000549",
            "5a00000003",
            "5a000003ec",
            "5a000003ed",
            "5affffffff",
            "5a7fffffff")
        .map(HexFormat.of()::parseHex);
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] bytes) {
    CHECK.check(bytes);
  }
}
