package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.TestAuthority;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.tls.TlsException;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other settings while clients are there. */
@Timeout(60)
class ProxyReloadTest extends ScriptedFixture {
  @TempDir private Path directory;

  @Test
  void asManySessionsAsMayBeNow() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.with().maxConnections(1).start(environments);
        TestClient first = TestClient.ready(proxy.port())) {
      proxy.use(ProxyHarness.with().maxConnections(2));
      try (TestClient second = TestClient.ready(proxy.port())) {
        proxy.use(ProxyHarness.with().maxConnections(1));
        try (TestClient third = TestClient.authenticated(proxy.port())) {
          assertThat(third.awaitFatal().detail()).startsWith("All 1 sessions");
        }

        assertAlive(first);
        assertAlive(second);
      }
    }
  }

  @Test
  void timeoutsHoldForWhoComes() throws Exception {
    environments.makeWait();
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        TestClient before = TestClient.authenticated(proxy.port())) {
      FakeEnvironments.Pending pending = environments.awaitPending();
      proxy.use(
          ProxyHarness.with()
              .createTimeout(Duration.ofMillis(100))
              .startupTimeout(Duration.ofMillis(500)));

      try (TestClient waiting = TestClient.authenticated(proxy.port());
          TestClient silent = TestClient.connect(proxy.port())) {
        assertThat(waiting.awaitFatal().detail()).startsWith("Waited 100 ms");
        silent.wire().readToEnd();
      }
      pending.future().complete(environments.lease(server.socket()));
      assertThat(before.awaitReady()).isNotEmpty();
    }
  }

  @Test
  void tlsComesChangesAndGoes() throws Exception {
    TestAuthority one = authority("one");
    TestAuthority other = authority("other");
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        TestClient plain = TestClient.ready(proxy.port())) {
      proxy.use(ProxyHarness.with().tls(one.tls(true)));
      try (TestClient encrypted = TestClient.encrypted(proxy.port(), one.clients()).ready();
          TestClient refused = TestClient.connect(proxy.port())) {
        refused.start(0, Map.of());
        assertThat(refused.awaitFatal().sqlState()).isEqualTo("28000");

        proxy.use(ProxyHarness.with().tls(other.tls(false)));
        TestClient.encrypted(proxy.port(), other.clients()).ready().close();
        proxy.use(ProxyHarness.with());
        assertThat(answerToSslRequest(proxy)).isEqualTo('N');

        assertAlive(encrypted);
        assertAlive(plain);
      }
    }
  }

  @Test
  void aCertificateThatCannotBeUsedChangesNothing() throws Exception {
    TestAuthority one = authority("one");
    TestAuthority broken = authority("broken");
    TestAuthority.write(broken.certificateFile(), "half of a cert");
    try (ProxyHarness proxy = ProxyHarness.with().tls(one.tls(true)).start(environments)) {
      assertThatThrownBy(() -> proxy.use(ProxyHarness.with().tls(broken.tls(false))))
          .isInstanceOf(TlsException.class)
          .hasMessageContaining("listen.tls.certificate");

      TestClient.encrypted(proxy.port(), one.clients()).ready().close();
      try (TestClient refused = TestClient.connect(proxy.port())) {
        refused.start(0, Map.of());
        assertThat(refused.awaitFatal().sqlState()).isEqualTo("28000");
      }
    }
  }

  private TestAuthority authority(String name) throws IOException {
    TestAuthority authority = new TestAuthority(Files.createDirectory(directory.resolve(name)));
    authority.issue(Algorithm.ecp256);
    return authority;
  }

  private static int answerToSslRequest(ProxyHarness proxy) throws IOException {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.wire().send(new SSLRequest()::encode);
      return client.wire().read();
    }
  }

  private static void assertAlive(TestClient client) throws IOException {
    client.send("select 1");
    assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
  }
}
