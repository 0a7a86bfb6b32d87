package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.TlsEngine;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.TestAuthority;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session inside TLS has that one outside has not. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
    value = TlsEngine.class,
    names = {"JDK", "BORINGSSL"})
class ProxyTlsSessionTest extends ScriptedFixture {
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

  @Test
  void itsVersionAndCipherCanBeSeen() throws Exception {
    try (ProxyHarness proxy = start();
        TestClient _ = TestClient.encrypted(proxy.port(), clients).ready()) {
      assertThat(proxy.clients().list())
          .singleElement()
          .satisfies(entry ->
              assertThat(entry.description().tls()).matches("TLSv1\\.[23]/TLS_[A-Z0-9_]+"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cancelsBothWaysWhereTlsIsRequired(boolean isEncrypted) throws Exception {
    BlockingQueue<CancelRequest> cancelled = new LinkedBlockingQueue<>();
    server.play(wire -> {
      StartupPacket packet = wire.readStartupPacket();
      if (packet instanceof CancelRequest request) {
        cancelled.add(request);
      } else {
        assertThat(packet).isInstanceOf(StartupMessage.class);
        wire.send(Scripts::startup);
        wire.readToEnd();
      }
    });
    try (ProxyHarness proxy = with().tls(authority.tls(true, engine)).start(environments);
        TestClient client = TestClient.encrypted(proxy.port(), clients).authenticated()) {
      BackendKeyData key = (BackendKeyData) client.read();
      client.awaitReady();
      try (TestClient canceller =
          isEncrypted
              ? TestClient.encrypted(proxy.port(), clients)
              : TestClient.connect(proxy.port())) {
        canceller.wire().send(new CancelRequest(key.pid(), key.key())::encode);
        canceller.wire().readToEnd();
      }

      assertThat(cancelled.poll(10, TimeUnit.SECONDS))
          .isEqualTo(new CancelRequest(Scripts.SERVER_KEY.pid(), Scripts.SERVER_KEY.key()));
    }
  }

  @Test
  void whatAClientSendsBeforeItsServerIsThereArrives() throws Exception {
    BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      asked.add(TestClient.text(wire.readFrame()));
      wire.send(Scripts.READY);
      wire.readToEnd();
    });
    environments.makeWait();
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.encrypted(proxy.port(), clients)) {
      client.start(0, Map.of());
      byte[] answer = client.answer(TestClient.PASSWORD);
      byte[] query = Wire.message('Q', "select 'early'\0");
      client
          .wire()
          .send(ByteBuffer.allocate(answer.length + query.length).put(answer).put(query).array());
      environments.awaitPending().future().complete(environments.lease(server.socket()));

      client.awaitReady();
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
      assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo("select 'early'");
    }
  }

  @Test
  void aParkedSessionIsToldInsideTls() throws Exception {
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.encrypted(proxy.port(), clients).ready()) {
      environments.awaitLease().tellStopping();
      client.send("select 1");

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57P01");
    }
  }

  @Test
  void theEndOfTheProxyIsToldInsideTls() throws Exception {
    ProxyHarness proxy = with().drainTimeout(Duration.ofSeconds(5)).start(environments);
    try (TestClient client = TestClient.encrypted(proxy.port(), clients).ready()) {
      Thread closing = Thread.startVirtualThread(proxy::close);

      assertThat(client.awaitFatal().detail()).isEqualTo("Understudy is shutting down.");
      closing.join();
    }
  }

  @Test
  void noHandshakeFollowsTheFirst() throws Exception {
    try (ProxyHarness proxy = start();
        TestClient client = TestClient.connect(proxy.port())) {
      client.wire().send(new SSLRequest()::encode);
      assertThat(client.wire().read()).isEqualTo('S');
      Wire encrypted =
          client
              .wire()
              .encrypted(clients, parameters -> parameters.setProtocols(new String[] {"TLSv1.2"}));
      TestClient.over(encrypted).ready();

      encrypted.renegotiate();

      assertThatThrownBy(encrypted::read)
          .isInstanceOf(SSLException.class)
          .hasMessageContaining(engine == TlsEngine.JDK ? "protocol_version" : "no_renegotiation");
    }
  }

  @Test
  void aNewCertificateIsShownToNewConnectionsAndDropsNobody(@TempDir Path renewed)
      throws Exception {
    TestAuthority renewing = new TestAuthority(renewed);
    X509Certificate first = renewing.issue(Algorithm.ecp256);
    try (ProxyHarness proxy =
            ProxyHarness.with().tls(renewing.tls(false, engine)).start(environments);
        TestClient client = TestClient.encrypted(proxy.port(), renewing.clients()).ready()) {
      assertThat(shown(proxy, renewing)).isEqualTo(first);
      X509Certificate second = renewing.issue(Algorithm.rsa2048);
      X509Certificate shown = first;
      while (shown.equals(first)) {
        Thread.sleep(20);
        shown = shown(proxy, renewing);
      }

      assertThat(shown).isEqualTo(second);
      client.send("select 1");
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  private static X509Certificate shown(ProxyHarness proxy, TestAuthority authority)
      throws Exception {
    try (TestClient client = TestClient.encrypted(proxy.port(), authority.clients())) {
      return (X509Certificate) client.wire().session().getPeerCertificates()[0];
    }
  }
}
