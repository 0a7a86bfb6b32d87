package dev.understudy.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.understudy.config.Tls;
import dev.understudy.fuzzing.KeptInputs;
import dev.understudy.proxy.testing.AccountedChannel;
import dev.understudy.proxy.testing.Pieces;
import dev.understudy.proxy.testing.TestAuthority;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client may send where a handshake begins. */
class ClientHelloFuzzTest {
  @TempDir private static Path directory;
  private static TlsCertificates certificates;

  @BeforeAll
  static void open() throws IOException {
    TestAuthority authority = new TestAuthority(Files.createDirectories(directory));
    authority.issue(Algorithm.ecp256);
    authority.issue("wildcard", Algorithm.ecp256, "*.db.test");
    certificates =
        new TlsCertificates(
            new Tls(
                authority.tls(false).certificate(),
                List.of(authority.files("wildcard")),
                "db.test",
                false));
    certificates.open();
  }

  @AfterAll
  static void close() {
    certificates.close();
  }

  static Stream<byte[]> seeds() throws Exception {
    byte[] hello = hello("pr-1.db.test");
    return Stream.of(
        hello,
        hello("localhost"),
        hello("pr-1.db.test", "postgresql"),
        hello("pr-1.db.test", "h2", "http/1.1"),
        HexFormat.of().parseHex("160301002f0100002b0302" + "11".repeat(32) + "000002c01301000000"),
        HexFormat.of().parseHex("1603010004" + "0100ff00" + "1603010001" + "00"),
        HexFormat.of().parseHex("15030100020100"),
        new byte[] {'p', 0, 0, 0, 4});
  }

  private static byte[] hello(String serverName, String... protocols) throws Exception {
    SSLEngine client = SSLContext.getDefault().createSSLEngine();
    client.setUseClientMode(true);
    SSLParameters parameters = client.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(serverName)));
    parameters.setApplicationProtocols(protocols);
    client.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
    client.wrap(ByteBuffer.allocate(0), out);
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  @ArgumentsSource(KeptInputs.class)
  @MethodSource("seeds")
  @FuzzTest
  void decode(byte[] bytes) {
    assertThat(outcome(Pieces.two(bytes))).isEqualTo(outcome(List.of(bytes)));
  }

  /** Whether the connection is open, and the first byte of the answer, which is the type of it. */
  private static String outcome(List<byte[]> pieces) {
    AccountedChannel client = new AccountedChannel();
    TlsEvents events = new TlsEvents(false);
    assertThat(certificates.hold()).isTrue();
    client.with(new ClientHelloHandler(certificates, events)).with(events).with(new Next());
    for (byte[] piece : pieces) {
      if (client.isOpen()) {
        client.receive(piece);
      }
    }
    // Passed on to nobody: in this channel the handlers are gone as soon as it is closed.
    Throwable thrown = catchThrowable(client::checkException);
    assertThat(thrown == null || thrown instanceof DecoderException).as("%s", thrown).isTrue();
    byte[] answer = client.written();
    String outcome = client.isOpen() + " " + (answer.length == 0 ? "" : answer[0]);
    client.closeAndAssertReleased();
    return outcome;
  }

  /** Nothing comes here: no handshake succeeds. */
  private static final class Next extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      throw new AssertionError("read " + message);
    }
  }
}
