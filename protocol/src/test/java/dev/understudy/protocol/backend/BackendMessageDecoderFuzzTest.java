package dev.understudy.protocol.backend;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.DecoderCheck;
import dev.understudy.protocol.Encoded;
import dev.understudy.protocol.Frame;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class BackendMessageDecoderFuzzTest {
  private static final int HEADER_LENGTH = 5;
  private static final char REPLACEMENT = '\uFFFD';

  private static final DecoderCheck<BackendMessage> CHECK =
      DecoderCheck.of(
          new DecoderCheck.Codec<>() {
            @Override
            public @Nullable BackendMessage decode(ByteBuf in) {
              Frame frame = Frame.decode(in, BackendMessageDecoder.MAXIMUM_LENGTH);
              return frame == null ? null : BackendMessageDecoder.decode(frame);
            }

            @Override
            public void encode(BackendMessage message, ByteBuf out) {
              message.encode(out);
            }

            // Texts may be in any encoding, and of a field that is given twice one is kept.
            @Override
            public boolean isLossless(BackendMessage message, ByteBuf decoded) {
              return !(message instanceof Report) && message.toString().indexOf(REPLACEMENT) < 0;
            }
          });

  static Stream<byte[]> seeds() {
    return BackendMessageDecoderTest.messages()
        .map(message -> {
          ByteBuf encoded = Encoded.of(message::encode);
          Frame frame = new Frame(encoded.readByte(), body(encoded));
          byte[] seed = new byte[1 + frame.body().length()];
          seed[0] = frame.type();
          System.arraycopy(frame.body().toArray(), 0, seed, 1, frame.body().length());
          return seed;
        })
        .filter(seed -> seed.length < 1000);
  }

  private static Bytes body(ByteBuf encoded) {
    encoded.skipBytes(Integer.BYTES);
    return Bytes.read(encoded, encoded.readableBytes());
  }

  /** A type and a body, so that most inputs get past the length word. */
  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] typeAndBody) {
    if (typeAndBody.length == 0) {
      return;
    }
    Bytes body = Bytes.of(Arrays.copyOfRange(typeAndBody, 1, typeAndBody.length));
    ByteBuf encoded = Encoded.of(new Frame(typeAndBody[0], body)::encode);
    byte[] bytes = new byte[encoded.readableBytes()];
    encoded.readBytes(bytes);
    assertThat(bytes).hasSize(HEADER_LENGTH + body.length());
    CHECK.check(bytes);
  }
}
