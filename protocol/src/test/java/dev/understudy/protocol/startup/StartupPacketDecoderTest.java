package dev.understudy.protocol.startup;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Encoded;
import dev.understudy.protocol.ProtocolException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartupPacketDecoderTest {
  static Stream<StartupPacket> packets() {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("user", "grün");
    parameters.put("database", "shop@pr-42");
    parameters.put("options", "");
    return Stream.of(
        new SSLRequest(),
        new GSSENCRequest(),
        new CancelRequest(-7, Bytes.of(new byte[4])),
        new CancelRequest(Integer.MAX_VALUE, Bytes.of(new byte[256])),
        new StartupMessage(3, 0, parameters),
        new StartupMessage(3, 2, Map.of("user", "u")),
        new StartupMessage(3, 9999, Map.of("user", "u")));
  }

  @ParameterizedTest
  @MethodSource("packets")
  void readsWhatItWrites(StartupPacket packet) {
    ByteBuf buffer = Encoded.of(packet::encode);

    assertThat(StartupPacketDecoder.decode(buffer)).isEqualTo(packet);
    assertThat(buffer.isReadable()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("packets")
  void waitsForTheLastByteAndLeavesWhatFollows(StartupPacket packet) {
    ByteBuf whole = Encoded.of(packet::encode);
    int length = whole.readableBytes();
    packet.encode(whole);
    for (int i = 0; i < length; i++) {
      ByteBuf part = whole.slice(0, i);
      assertThat(StartupPacketDecoder.decode(part)).isNull();
      assertThat(part.readerIndex()).isZero();
    }

    assertThat(StartupPacketDecoder.decode(whole)).isEqualTo(packet);
    assertThat(StartupPacketDecoder.decode(whole)).isEqualTo(packet);
    assertThat(whole.isReadable()).isFalse();
  }

  @Test
  void keepsParametersInOrder() {
    StartupMessage message = decode(startup("user\0u\0b\0" + "1\0a\0" + "2\0\0"));

    assertThat(message.parameters())
        .containsExactly(Map.entry("user", "u"), Map.entry("b", "1"), Map.entry("a", "2"));
  }

  @Test
  void lastOfTwoValuesCounts() {
    StartupMessage message = decode(startup("user\0u\0user\0v\0\0"));

    assertThat(message.user()).isEqualTo("v");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000007",
        "00000000",
        "ffffffff",
        "80000000",
        "7fffffff",
        "00002715", // 10 000 and the length word, and one
        "16030100" // the beginning of a TLS ClientHello
      })
  void refusesImpossibleLengthsBeforeItWaits(String length) {
    assertThatThrownBy(() -> StartupPacketDecoder.decode(Encoded.fromHex(length)))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("invalid length of startup packet");
  }

  @Test
  void takesTheLongestThatPostgresTakes() {
    int overhead = 4 + "user\0u\0x\0\0\0".length();
    String value = "x".repeat(StartupPacketDecoder.MAXIMUM_LENGTH - overhead);
    ByteBuf buffer = startup("user\0u\0x\0" + value + "\0\0");

    assertThat(buffer.readableBytes()).isEqualTo(10_004);
    StartupMessage message = decode(buffer);
    assertThat(message.parameter("x")).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          user~u~    |08P01|invalid startup packet layout: expected terminator as last byte
          user~u     |08P01|invalid startup packet layout: expected terminator as last byte
          user~u~x~~ |08P01|invalid startup packet layout: expected terminator as last byte
          user~u~~x  |08P01|invalid startup packet layout: expected terminator as last byte
          user~u~~~  |08P01|invalid startup packet layout: expected terminator as last byte
          user       |08P01|invalid startup packet layout: expected terminator as last byte
          ''         |08P01|invalid startup packet layout: expected terminator as last byte
          ~          |28000|no PostgreSQL user name specified in startup packet
          user~~~    |28000|no PostgreSQL user name specified in startup packet
          a~b~~      |28000|no PostgreSQL user name specified in startup packet
          """)
  void refusesWhatPostgresRefuses(String parameters, String sqlState, String message) {
    assertRefusal(startup(parameters.replace('~', '\0')), sqlState, message);
  }

  @Test
  void refusesNamesThatAreNotText() {
    ByteBuf buffer = startup("user\0u\0x\0?\0\0");
    buffer.setByte(buffer.readableBytes() - 3, 0xFC);

    assertRefusal(buffer, "22021", "invalid byte sequence for encoding \"UTF8\" in startup packet");
  }

  @ParameterizedTest
  @CsvSource({"00020000,2.0", "00010000,1.0", "00040001,4.1", "04d21631,1234.5681", "00000000,0.0"})
  void refusesOtherVersionsAndCodes(String code, String version) {
    assertRefusal(
        Encoded.fromHex("00000008" + code),
        "0A000",
        "unsupported frontend protocol " + version + ": server supports 3.0 to 3.2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000000904d2162f00", "0000000904d2163000"})
  void refusesRequestsThatCarrySomething(String packet) {
    assertRefusal(Encoded.fromHex(packet), "08P01", "invalid length of startup packet");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 257, 5000})
  void refusesCancelKeysOfOtherLengths(int length) {
    ByteBuf buffer = Unpooled.buffer();
    buffer.writeInt(12 + length).writeInt(CancelRequest.CODE).writeInt(1).writeZero(length);

    assertRefusal(buffer, "08P01", "invalid length of cancel request packet");
  }

  @Test
  void refusesACancelRequestWithoutPid() {
    assertRefusal(
        Encoded.fromHex("0000000a04d2162e0000"), "08P01", "insufficient data left in message");
  }

  @Test
  void letsOutOnlyProtocolExceptionsForRandomBytes() {
    Random random = new Random(42);
    int[] codes = {
      3 << 16, 3 << 16 | 2, CancelRequest.CODE, SSLRequest.CODE, GSSENCRequest.CODE, 0
    };
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      for (int j = 0; j < noise.length; j++) {
        // Zeros and text, so that some of it gets far.
        noise[j] = random.nextInt(3) == 0 ? 0 : random.nextBoolean() ? noise[j] : (byte) 'a';
      }
      ByteBuf buffer = Unpooled.buffer();
      if (random.nextInt(10) > 0) {
        buffer.writeInt(8 + random.nextInt(noise.length + 1));
        buffer.writeInt(codes[random.nextInt(codes.length)]);
      }
      buffer.writeBytes(noise);
      try {
        read += StartupPacketDecoder.decode(buffer) == null ? 0 : 1;
      } catch (ProtocolException e) {
        assertThat(e.sqlState()).hasSize(5);
      }
      assertThat(buffer.refCnt()).isOne();
    }
    assertThat(read).isPositive();
  }

  /** Protocol 3.0 with the given parameters, whatever they are. */
  private static ByteBuf startup(String parameters) {
    byte[] body = parameters.getBytes(StandardCharsets.ISO_8859_1);
    return Unpooled.buffer().writeInt(8 + body.length).writeInt(3 << 16).writeBytes(body);
  }

  private static StartupMessage decode(ByteBuf buffer) {
    return (StartupMessage) requireNonNull(StartupPacketDecoder.decode(buffer));
  }

  private static void assertRefusal(ByteBuf buffer, String sqlState, String message) {
    ProtocolException e =
        catchThrowableOfType(ProtocolException.class, () -> StartupPacketDecoder.decode(buffer));
    assertThat(e.sqlState()).isEqualTo(sqlState);
    assertThat(e.message()).isEqualTo(message);
  }
}
