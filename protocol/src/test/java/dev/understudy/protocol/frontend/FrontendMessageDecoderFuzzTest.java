package dev.understudy.protocol.frontend;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.DecoderCheck;
import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrontendMessageDecoderFuzzTest {
  private static final DecoderCheck<FrontendMessage> CHECK =
      DecoderCheck.of(
          new DecoderCheck.Codec<>() {
            @Override
            public @Nullable FrontendMessage decode(ByteBuf in) {
              return FrontendMessageDecoder.decode(in);
            }

            @Override
            public void encode(FrontendMessage message, ByteBuf out) {
              FrontendMessages.encode(message, out);
            }

            // Parameters are read over, and not every byte is a character.
            @Override
            public boolean isLossless(FrontendMessage message, ByteBuf decoded) {
              return message instanceof FrontendMessage.Simple;
            }
          });

  static Stream<byte[]> seeds() {
    return Stream.of(
            "5100000009" + "53484f5700",
            "500000000e" + "7300" + "53484f5700" + "0001" + "00000019",
            "4200000016" + "7000" + "7300" + "00010000" + "0001" + "00000001" + "31" + "0000",
            "4400000006" + "5300" + "4500000009" + "00" + "00000000" + "5300000004",
            "4300000006" + "5000" + "4800000004" + "5800000004")
        .map(HexFormat.of()::parseHex);
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] bytes) {
    CHECK.check(bytes);
  }
}
