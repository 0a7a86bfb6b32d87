package dev.understudy.protocol.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.DecoderCheck;
import dev.understudy.protocol.Encoded;
import dev.understudy.protocol.MessageWriter;
import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

class AuthenticationResponseFuzzTest {
  private static final char REPLACEMENT = '\uFFFD';

  private static final DecoderCheck<AuthenticationResponse> CHECK =
      DecoderCheck.of(
          new DecoderCheck.Codec<>() {
            @Override
            public @Nullable AuthenticationResponse decode(ByteBuf in) {
              return AuthenticationResponse.decode(in);
            }

            @Override
            public void encode(AuthenticationResponse response, ByteBuf out) {
              response.encode(out);
            }
          });

  static Stream<byte[]> seeds() {
    return Stream.of(
            "7000000007" + "616200",
            "7000000007" + "616200" + "7000000004",
            "700000000c" + "5800" + "00000002" + "6e2c",
            "700000000a" + "5800" + "ffffffff",
            "700000000a" + "5800" + "7fffffff",
            "7000000003",
            "7000010004",
            "58")
        .map(HexFormat.of()::parseHex);
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] bytes) {
    for (AuthenticationResponse response : CHECK.check(bytes)) {
      assertThat(SASLResponse.decode(response).data()).isEqualTo(response.body());
      readPassword(response);
      readInitialResponse(response);
    }
  }

  private static void readPassword(AuthenticationResponse response) {
    try {
      Bytes password = PasswordMessage.decode(response).password();
      assertThat(
              bytes(out -> {
                password.writeTo(out);
                out.writeByte(0);
              }))
          .isEqualTo(response.body());
    } catch (ProtocolException e) {
      assertThat(e.message()).isEqualTo("invalid password packet size");
    }
  }

  private static void readInitialResponse(AuthenticationResponse response) {
    try {
      SASLInitialResponse initial = SASLInitialResponse.decode(response);
      if (initial.mechanism().indexOf(REPLACEMENT) < 0) {
        assertThat(bytes(out -> write(initial, out))).isEqualTo(response.body());
      }
    } catch (ProtocolException e) {
      assertThat(e.sqlState()).isEqualTo("08P01");
    }
  }

  private static void write(SASLInitialResponse initial, ByteBuf out) {
    MessageWriter.writeString(out, initial.mechanism());
    Bytes data = initial.data();
    if (data == null) {
      out.writeInt(-1);
    } else {
      out.writeInt(data.length());
      data.writeTo(out);
    }
  }

  private static Bytes bytes(Consumer<ByteBuf> encode) {
    ByteBuf buffer = Encoded.of(encode);
    return Bytes.read(buffer, buffer.readableBytes());
  }
}
