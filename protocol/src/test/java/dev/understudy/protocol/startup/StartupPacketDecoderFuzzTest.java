package dev.understudy.protocol.startup;

import static dev.understudy.protocol.Encoded.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.DecoderCheck;
import dev.understudy.protocol.Encoded;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.backend.BackendMessageDecoder;
import dev.understudy.protocol.backend.NegotiateProtocolVersion;
import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class StartupPacketDecoderFuzzTest {
  private static final DecoderCheck<StartupPacket> CHECK =
      DecoderCheck.of(
          new DecoderCheck.Codec<>() {
            @Override
            public @Nullable StartupPacket decode(ByteBuf in) {
              return StartupPacketDecoder.decode(in);
            }

            @Override
            public void encode(StartupPacket packet, ByteBuf out) {
              packet.encode(out);
            }

            // Of a parameter that is given twice one is kept.
            @Override
            public boolean isLossless(StartupPacket packet, ByteBuf decoded) {
              return !(packet instanceof StartupMessage message)
                  || zeros(decoded.skipBytes(2 * Integer.BYTES))
                      == 1 + 2 * message.parameters().size();
            }
          });

  static Stream<byte[]> seeds() {
    return Stream.concat(
            StartupPacketDecoderTest.packets().map(packet -> hex(packet::encode)),
            Stream.of(
                "0000000804d2162f" + "0000001000030002" + "7573657200750000",
                "0000000904d2162f00",
                "0000000800000000",
                "00002715",
                "7fffffff",
                "16030100"))
        .map(HexFormat.of()::parseHex);
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] bytes) {
    for (StartupPacket packet : CHECK.check(bytes)) {
      if (packet instanceof StartupMessage message) {
        assertThat(message.user()).isNotEmpty();
        assertThat(message.database()).isNotEmpty();
        assertCanBeAnswered(ProtocolNegotiation.of(message, 0), message);
        assertCanBeAnswered(ProtocolNegotiation.of(message, 2), message);
      }
    }
  }

  private static int zeros(ByteBuf text) {
    int zeros = 0;
    while (text.isReadable()) {
      zeros += text.readByte() == 0 ? 1 : 0;
    }
    return zeros;
  }

  private static void assertCanBeAnswered(ProtocolNegotiation negotiation, StartupMessage message) {
    NegotiateProtocolVersion answer = negotiation.answer();
    assertThat(negotiation.minor()).isLessThanOrEqualTo(message.minor());
    if (answer == null) {
      assertThat(negotiation.minor()).isEqualTo(message.minor());
    } else {
      Frame frame = Frame.decode(Encoded.of(answer::encode), BackendMessageDecoder.MAXIMUM_LENGTH);
      assertThat(frame).isNotNull();
      assertThat(BackendMessageDecoder.decode(frame)).isEqualTo(answer);
    }
  }
}
