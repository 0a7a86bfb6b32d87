package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.ProtocolException;
import dev.understudy.proxy.testing.ProxyHeaders;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyHeaderTest {
  private static final byte[] HEADER = ProxyHeaders.of("192.0.2.7", 40_000);

  @Test
  void isOfAClient() {
    assertThat(decode(HEADER).source()).isEqualTo(address("192.0.2.7", 40_000));
    assertThat(decode(message(HAProxyProxiedProtocol.TCP6, "2001:db8::7", "::1")).source())
        .isEqualTo(address("2001:db8::7", 40_000));
  }

  @Test
  void mayBeOfTheSenderItself() {
    assertThat(decode(ProxyHeaders.local()).source()).isNull();
    byte[] withAddresses = HEADER.clone();
    withAddresses[12] = 0x20;
    assertThat(decode(withAddresses).source()).isNull();
    byte[] unspecified = HEADER.clone();
    unspecified[13] = 0;
    assertThat(decode(unspecified).source()).isNull();
  }

  @Test
  void whatIsAddedIsSkipped() {
    HAProxyTLV authority =
        new HAProxyTLV((byte) 2, Unpooled.copiedBuffer("db.example.com", StandardCharsets.UTF_8));
    byte[] header =
        ProxyHeaders.encode(
            new HAProxyMessage(
                HAProxyProtocolVersion.V2,
                HAProxyCommand.PROXY,
                HAProxyProxiedProtocol.TCP4,
                "192.0.2.7",
                "198.51.100.1",
                40_000,
                6432,
                List.of(authority)));

    assertThat(decode(header).source()).isEqualTo(address("192.0.2.7", 40_000));
  }

  @Test
  void waitsForAllOfItAndKeepsWhatFollows() {
    for (int length = 0; length < HEADER.length; length++) {
      ByteBuf part = Unpooled.copiedBuffer(HEADER, 0, length);
      assertThat(ProxyHeader.decode(part)).isNull();
      assertThat(part.readerIndex()).isZero();
    }
    ByteBuf more = Unpooled.copiedBuffer(HEADER, new byte[] {1, 2});
    assertThat(ProxyHeader.decode(more)).isNotNull();
    assertThat(more.readableBytes()).isEqualTo(2);
  }

  @Test
  void whatIsNoHeaderIsRefusedAtItsFirstWrongByte() {
    for (int i = 0; i < 12; i++) {
      byte[] wrong = Arrays.copyOf(HEADER, i + 1);
      wrong[i] ^= 1;
      assertRefused(wrong, "does not begin with a PROXY protocol header");
    }
    byte[] textual =
        "PROXY TCP4 192.0.2.7 198.51.100.1 40000 6432\r\n".getBytes(StandardCharsets.US_ASCII);
    assertRefused(textual, "does not begin with a PROXY protocol header");
  }

  /** Command, family and protocol, length. */
  @ParameterizedTest
  @CsvSource({
    "0x11, 0x11, 12, unknown version or command",
    "0x22, 0x11, 12, unknown version or command",
    "0x21, 0x12, 12, not of TCP",
    "0x21, 0x31, 216, not of TCP",
    "0x21, 0x11, 11, invalid length",
    "0x21, 0x21, 35, invalid length",
  })
  void whatItCannotSayIsRefused(int command, int family, int length, String message) {
    byte[] header = Arrays.copyOf(HEADER, 16 + length);
    header[12] = (byte) command;
    header[13] = (byte) family;
    header[14] = 0;
    header[15] = (byte) length;

    assertRefused(header, message);
  }

  @Test
  void aLengthThatIsTooMuchIsNotWaitedFor() {
    byte[] header = Arrays.copyOf(HEADER, 16);
    header[14] = 0x10;
    header[15] = 1;

    assertRefused(header, "invalid length");
  }

  private static byte[] message(HAProxyProxiedProtocol protocol, String from, String to) {
    return ProxyHeaders.encode(
        new HAProxyMessage(
            HAProxyProtocolVersion.V2, HAProxyCommand.PROXY, protocol, from, to, 40_000, 6432));
  }

  private static InetSocketAddress address(String literal, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
  }

  private static ProxyHeader decode(byte[] bytes) {
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    ProxyHeader header = requireNonNull(ProxyHeader.decode(in));
    assertThat(in.isReadable()).isFalse();
    return header;
  }

  private static void assertRefused(byte[] bytes, String message) {
    assertThatThrownBy(() -> ProxyHeader.decode(Unpooled.wrappedBuffer(bytes)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining(message);
  }
}
