package dev.understudy.proxy;

import static dev.understudy.proxy.testing.TestClient.startupMessage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.TlsEngine;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.GSSENCRequest;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.proxy.testing.TestAuthority;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The way into TLS, and who does not find it. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
    value = TlsEngine.class,
    names = {"JDK", "BORINGSSL"})
class ProxyTlsTest extends ScriptedFixture {
  private static final String POSTGRESQL = "postgresql";

  /** A ClientHello of TLS 1.1 that offers a cipher suite which every version up to 1.2 has. */
  private static final byte[] CLIENT_HELLO_OF_TLS_1_1 =
      HexFormat.of()
          .parseHex(
              "160301002f"
                  + "0100002b"
                  + "0302"
                  + "11".repeat(32)
                  + "00"
                  + "0002c013"
                  + "0100"
                  + "0000");

  @TempDir private static Path directory;
  private static TestAuthority authority;
  private static SSLContext clients;

  @Parameter TlsEngine engine = TlsEngine.AUTO;

  @BeforeAll
  static void issueACertificate() {
    authority = new TestAuthority(directory);
    authority.issue(Algorithm.ecp256);
    clients = authority.clients();
  }

  private ProxyHarness.Builder with() {
    return ProxyHarness.with().tls(authority.tls(false, engine));
  }

  private ProxyHarness start() throws IOException {
    return with().start(environments);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void whoAsksIsServedInsideTls(String version) throws Exception {
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.connect(proxy.port())) {
      Wire wire = client.wire();
      wire.send(new GSSENCRequest()::encode);
      assertThat(wire.read()).isEqualTo('N');
      wire.send(new SSLRequest()::encode);
      assertThat(wire.read()).isEqualTo('S');
      Wire encrypted =
          wire.encrypted(clients, parameters -> parameters.setProtocols(new String[] {version}));

      assertThat(encrypted.session().getProtocol()).isEqualTo(version);
      try (TestClient inside = TestClient.over(encrypted)) {
        inside.ready().send("select 1");
        assertThat(inside.wire().readFrame().type()).isEqualTo((byte) 'Z');
      }
    }
  }

  /** The JDBC driver gives up after five seconds without an answer to its SSLRequest. */
  @Test
  void theAnswerWaitsForNoCloneHoweverManyDo() throws Exception {
    environments.makeWait();
    List<TestClient> waiting = new ArrayList<>();
    try (ProxyHarness proxy = with().unauthenticated(1, 1).start(environments)) {
      for (int i = 0; i < 20; i++) {
        waiting.add(TestClient.encrypted(proxy.port(), clients).authenticated());
        environments.awaitPending();
      }
    } finally {
      for (TestClient client : waiting) {
        client.close();
      }
    }
  }

  @Test
  void whoDoesNotAskIsServedToo() throws Exception {
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.ready(proxy.port())) {
      client.send("select 1");

      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @Test
  void whereTlsIsRequiredWhoDoesNotUseItIsToldHow() throws Exception {
    try (ProxyHarness proxy = with().tls(authority.tls(true, engine)).start(environments)) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.start(0, Map.of());

        assertThat(client.awaitFatal())
            .isEqualTo(
                ErrorResponse.fatal(
                    "28000",
                    "connections without TLS are not accepted",
                    null,
                    "Connect with sslmode=require, or better with sslmode=verify-full."));
      }
      try (TestClient client = TestClient.encrypted(proxy.port(), clients)) {
        client.ready();
      }
    }
    assertThat(environments.requests()).hasSize(1);
  }

  @Test
  void whatComesBeforeTheHandshakeIsFatalAndAnsweredInTheClear() throws Exception {
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.connect(proxy.port())) {
      client
          .wire()
          .send(out -> {
            new SSLRequest().encode(out);
            startupMessage(0, Map.of()).encode(out);
          });

      ErrorResponse error = client.awaitFatal();
      assertThat(error.sqlState()).isEqualTo("08P01");
      assertThat(error.message()).isEqualTo("received unencrypted data after SSL request");
    }
  }

  @Test
  void nothingIsNegotiatedAnewInsideTls() throws Exception {
    try (ProxyHarness proxy = start()) {
      for (StartupPacket again : List.of(new SSLRequest(), new GSSENCRequest())) {
        try (TestClient client = TestClient.encrypted(proxy.port(), clients)) {
          client.wire().send(again::encode);

          assertThat(client.awaitFatal())
              .isEqualTo(
                  ErrorResponse.fatal(
                      "08P01", again.getClass().getSimpleName() + " sent inside TLS", null, null));
        }
      }
    }
  }

  @Test
  void tlsMayBeginWithoutARequest() throws Exception {
    try (ProxyHarness proxy = with().tls(authority.tls(true, engine)).start(environments);
        TestClient client = TestClient.direct(proxy.port(), clients, POSTGRESQL)) {
      client.ready().send("select 1");

      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @Test
  void tlsThatBeginsWithoutARequestMustSayWhatForFromItsFirstByteOn() throws Exception {
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.direct(proxy.port(), clients)) {
      assertThat(client.wire().read()).isNegative();
    }
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.connect(proxy.port())) {
      client.wire().send(new GSSENCRequest()::encode);
      assertThat(client.wire().read()).isEqualTo('N');
      client.wire().send(CLIENT_HELLO_OF_TLS_1_1);

      assertThat(client.awaitFatal().message()).isEqualTo("invalid length of startup packet");
    }
  }

  @Test
  void aHandshakeMessageThatIsTooLongIsNotWaitedFor() throws Exception {
    // A record of 512 bytes that begins a ClientHello of 16 MB.
    byte[] record = new byte[5 + 512];
    ByteBuffer.wrap(record)
        .put((byte) 0x16)
        .putShort((short) 0x0301)
        .putShort((short) 512)
        .putInt(0x01FFFFFF);
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.connect(proxy.port())) {
      client.wire().send(record);

      assertThat(client.wire().read()).as("the end").isEqualTo(-1);
    }
  }

  @Test
  void anotherApplicationProtocolIsRefused() throws Exception {
    try (ProxyHarness proxy = start()) {
      assertThatThrownBy(() -> TestClient.direct(proxy.port(), clients, "http/1.1").close())
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("no_application_protocol");
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(new SSLRequest()::encode);
        assertThat(client.wire().read()).isEqualTo('S');

        assertThatThrownBy(() ->
                client
                    .wire()
                    .encrypted(
                        clients,
                        parameters -> parameters.setApplicationProtocols(new String[] {"h2"})))
            .isInstanceOf(SSLHandshakeException.class)
            .hasMessageContaining("no_application_protocol");
      }
    }
  }

  @Test
  void versionsBefore12AreRefused() throws Exception {
    byte alert = 0x15;
    byte fatal = 2;
    byte protocolVersion = 70;
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.connect(proxy.port())) {
      client.wire().send(CLIENT_HELLO_OF_TLS_1_1);

      assertThat(client.wire().read()).isEqualTo(alert);
      client.wire().read(4);
      assertThat(client.wire().read(2)).containsExactly(fatal, protocolVersion);
    }
  }

  @Test
  void aClientHelloOfMoreThan16KibibytesIsRefused() throws Exception {
    byte[] claimed = HexFormat.of().parseHex("1603010004" + "01010000");
    byte[] crumbs =
        HexFormat.of().parseHex("1603010004" + "01004000" + "160301000100".repeat(3000));
    List<String> logged =
        Logged.during(() -> {
          try (ProxyHarness proxy = start()) {
            try (TestClient client = TestClient.connect(proxy.port())) {
              client.wire().send(claimed);
              client.wire().readToEnd();
            }
            try (TestClient client = TestClient.connect(proxy.port())) {
              client.wire().send(crumbs);
              client.wire().readToEnd();
            }
          }
        });

    assertThat(logged)
        .hasSize(2)
        .allMatch(line -> line.endsWith("failed: its ClientHello is longer than 16 KiB"));
  }

  @Test
  void theDeadlineCoversTheHandshake() throws Exception {
    try (ProxyHarness proxy = with().startupTimeout(Duration.ofMillis(300)).start(environments)) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(new SSLRequest()::encode);
        assertThat(client.wire().read()).isEqualTo('S');
        client.wire().readToEnd();
      }
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(Arrays.copyOf(CLIENT_HELLO_OF_TLS_1_1, 20));
        client.wire().readToEnd();
      }
      try (TestClient client = TestClient.encrypted(proxy.port(), clients)) {
        client.start(0, Map.of());
        client.read();

        assertThat(client.awaitFatal().sqlState()).isEqualTo("57014");
      }
    }
  }

  @Test
  void aHandshakeThatFailsIsLoggedOnceAndShort() throws Exception {
    String password = "hunter2".repeat(100);
    List<String> logged =
        Logged.during(() -> {
          try (ProxyHarness proxy = start()) {
            try (TestClient client = TestClient.connect(proxy.port())) {
              client.wire().send(new SSLRequest()::encode);
              assertThat(client.wire().read()).isEqualTo('S');
              client.wire().send(Wire.message('p', password));
              client.wire().readToEnd();
            }
            assertThatThrownBy(() -> TestClient.direct(proxy.port(), clients, "h2").close())
                .isInstanceOf(SSLHandshakeException.class);
          }
        });

    assertThat(logged).hasSize(2);
    assertThat(logged.getFirst()).endsWith("TLS handshake failed: what came is not TLS");
    assertThat(logged.getLast()).contains("TLS handshake failed: ").hasSizeLessThan(200);
  }

  @Test
  void probesLeaveNoTraceInTheLog() throws Exception {
    List<String> logged =
        Logged.during(() -> {
          try (ProxyHarness proxy = start()) {
            TestClient.connect(proxy.port()).close();
            try (TestClient client = TestClient.connect(proxy.port())) {
              client.wire().send(new SSLRequest()::encode);
              assertThat(client.wire().read()).isEqualTo('S');
            }
            try (TestClient client = TestClient.connect(proxy.port())) {
              client.wire().send(Arrays.copyOf(CLIENT_HELLO_OF_TLS_1_1, 20));
              client.wire().shutdownOutput();
              client.wire().readToEnd();
            }
            TestClient.encrypted(proxy.port(), clients).close();
          }
        });

    assertThat(logged).isEmpty();
  }

  @Test
  void aCertificateThatCannotBeUsedKeepsTheProxyFromListening(@TempDir Path empty) {
    assertThatThrownBy(() ->
            with().tls(new TestAuthority(empty).tls(false, engine)).start(environments).close())
        .isInstanceOf(IOException.class)
        .hasMessage("listen.tls.certificate: " + empty.resolve("server.crt") + " is not there");
  }
}
