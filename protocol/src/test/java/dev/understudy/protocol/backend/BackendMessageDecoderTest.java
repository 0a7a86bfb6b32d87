package dev.understudy.protocol.backend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Encoded;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.ProtocolException;
import dev.understudy.protocol.backend.ReadyForQuery.TransactionStatus;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendMessageDecoderTest {
  static Stream<BackendMessage> messages() {
    return Stream.of(
        new AuthenticationOk(),
        new AuthenticationMD5Password(Bytes.utf8("salt")),
        new AuthenticationSASL(List.of("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")),
        new AuthenticationSASLContinue(Bytes.utf8("r=x")),
        new AuthenticationSASLContinue(Bytes.EMPTY),
        new AuthenticationSASLFinal(Bytes.utf8("v=x")),
        new AuthenticationOther(7, Bytes.EMPTY),
        ErrorResponse.fatal("3D000", "grün", "detail", "hint"),
        new ErrorResponse(Map.of('M', "no SQLSTATE")),
        new ErrorResponse(Map.of()),
        NoticeResponse.notice("wait", null, null),
        new NegotiateProtocolVersion(0, List.of()),
        new NegotiateProtocolVersion(2, List.of("_pq_.a", "_pq_.b")),
        new ParameterStatus("client_encoding", "UTF8"),
        new ParameterStatus("search_path", "x".repeat(100_000)),
        new BackendKeyData(-1, Bytes.of(new byte[4])),
        new BackendKeyData(1, Bytes.of(new byte[32])),
        new BackendKeyData(1, Bytes.of(new byte[256])),
        new ReadyForQuery(TransactionStatus.IDLE),
        new ReadyForQuery(TransactionStatus.FAILED_TRANSACTION));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void readsWhatItWrites(BackendMessage message) {
    ByteBuf buffer = Encoded.of(message::encode);
    Frame frame = requireNonNull(Frame.decode(buffer, BackendMessageDecoder.MAXIMUM_LENGTH));

    assertThat(buffer.isReadable()).isFalse();
    assertThat(BackendMessageDecoder.decode(frame)).isEqualTo(message);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void refusesEveryTruncationOrReadsSomethingElse(BackendMessage message) {
    Frame frame =
        requireNonNull(
            Frame.decode(Encoded.of(message::encode), BackendMessageDecoder.MAXIMUM_LENGTH));
    byte[] body = frame.body().toArray();
    for (int length = 0; length < Math.min(body.length, 300); length++) {
      Frame cut = new Frame(frame.type(), Bytes.of(Arrays.copyOf(body, length)));
      try {
        assertThat(BackendMessageDecoder.decode(cut)).isNotEqualTo(message);
      } catch (ProtocolException e) {
        assertThat(e.sqlState()).isEqualTo("08P01");
      }
    }
  }

  /** As the manual lays them out. */
  @ParameterizedTest
  @CsvSource({
    "R,00000000,AuthenticationOk",
    "R,0000000561626364,AuthenticationMD5Password",
    "R,0000000a580000,AuthenticationSASL",
    "R,0000000b58,AuthenticationSASLContinue",
    "R,0000000c58,AuthenticationSASLFinal",
    "R,00000003,AuthenticationOther",
    "v,0003000200000000,NegotiateProtocolVersion",
    "S,61006200,ParameterStatus",
    "K,0000000100000002,BackendKeyData",
    "Z,54,ReadyForQuery",
    "E,4d6100" + "00,ErrorResponse",
    "N,00,NoticeResponse",
  })
  void knowsTheLayoutOfTheManual(char type, String body, String message) {
    BackendMessage decoded = BackendMessageDecoder.decode(frame(type, body));

    assertThat(decoded.getClass().getSimpleName()).isEqualTo(message);
    assertThat(Encoded.hex(decoded::encodeBody)).isEqualTo(body);
    assertThat(decoded.type()).isEqualTo((byte) type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "R:",
        "R:000000",
        "R:0000000000",
        "R:00000005616263",
        "R:000000056162636465",
        "R:0000000a58",
        "R:0000000a580000" + "00",
        "v:00030000",
        "v:0002000000000000",
        "v:0003000000000001",
        "v:000300007fffffff",
        "v:00030000ffffffff",
        "v:000300000000000061",
        "S:6100",
        "S:6162",
        "S:6100620000",
        "K:00000001",
        "K:00000001000000",
        "Z:",
        "Z:58",
        "Z:4949",
        "E:4d61",
        "E:4d6100",
        "E:",
        "N:0000",
        "T:0000",
        "D:"
      })
  void refusesWhatIsMalformed(String message) {
    Frame frame = frame(message.charAt(0), message.substring(2));

    assertThatThrownBy(() -> BackendMessageDecoder.decode(frame))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void refusesKeysThatAreTooLong() {
    Frame frame = new Frame((byte) 'K', Bytes.of(new byte[4 + 257]));

    assertThatThrownBy(() -> BackendMessageDecoder.decode(frame))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("invalid length of cancel key");
  }

  @Test
  void tellsWhatAnErrorSays() {
    ErrorResponse error = ErrorResponse.fatal("3D000", "message", "detail", "hint");

    assertThat(error.fields())
        .containsExactly(
            Map.entry('S', "FATAL"),
            Map.entry('V', "FATAL"),
            Map.entry('C', "3D000"),
            Map.entry('M', "message"),
            Map.entry('D', "detail"),
            Map.entry('H', "hint"));
    assertThat(error.sqlState()).isEqualTo("3D000");
    assertThat(error.detail()).isEqualTo("detail");
    assertThat(new ErrorResponse(Map.of()).sqlState()).isNull();
    assertThat(ErrorResponse.fatal(new ProtocolException("bad")).sqlState()).isEqualTo("08P01");
  }

  @Test
  void leavesZerosOutOfErrors() {
    ErrorResponse error = ErrorResponse.fatal("58000", "a\0b", null, null);

    assertThat(Encoded.hex(error::encode)).doesNotContain("610062").contains("6162");
  }

  @Test
  void letsOutOnlyProtocolExceptionsForRandomBytes() {
    Random random = new Random(42);
    byte[] types = {'R', 'E', 'N', 'v', 'S', 'K', 'Z', 'T'};
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      for (int j = 0; j < noise.length; j++) {
        noise[j] = random.nextInt(3) > 0 ? (byte) random.nextInt(13) : noise[j];
      }
      try {
        BackendMessageDecoder.decode(
            new Frame(types[random.nextInt(types.length)], Bytes.of(noise)));
        read++;
      } catch (ProtocolException e) {
        assertThat(e.sqlState()).isEqualTo("08P01");
      }
    }
    assertThat(read).isPositive();
  }

  private static Frame frame(char type, String hex) {
    ByteBuf body = Encoded.fromHex(hex);
    return new Frame((byte) type, Bytes.read(body, body.readableBytes()));
  }
}
