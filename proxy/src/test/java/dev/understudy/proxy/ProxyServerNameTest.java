package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.understudy.config.Tls;
import dev.understudy.config.TlsEngine;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.proxy.environment.OpenRequest;
import dev.understudy.proxy.testing.TestAuthority;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the name of a server is good for that a client of TLS asks for. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
    value = TlsEngine.class,
    names = {"JDK", "BORINGSSL"})
class ProxyServerNameTest extends ScriptedFixture {
  private static final String DOMAIN = "db.test";
  private static final String FIRST = "first";
  private static final String WILDCARD = "wildcard";
  private static final String EXACT = "exact";

  @TempDir private static Path directory;
  private static TestAuthority authority;
  private static Map<String, X509Certificate> certificates;

  @Parameter TlsEngine engine = TlsEngine.AUTO;

  @BeforeAll
  static void issueCertificates() {
    authority = new TestAuthority(directory);
    certificates =
        Map.of(
            FIRST, authority.issue(Algorithm.ecp256),
            WILDCARD, authority.issue(WILDCARD, Algorithm.rsa2048, "*.db.test", "db.test"),
            EXACT, authority.issue(EXACT, Algorithm.ecp256, "pr-7.db.test", "Other.Test"));
  }

  private Tls tls(TestAuthority authority) {
    return new Tls(
        authority.tls(false).certificate(),
        List.of(authority.files(WILDCARD), authority.files(EXACT)),
        DOMAIN,
        false,
        engine);
  }

  private ProxyHarness start() throws IOException {
    return ProxyHarness.with().tls(tls(authority)).start(environments);
  }

  private record Choice(@Nullable String serverName, String certificate) {}

  private static final List<Choice> CHOICES =
      List.of(
          new Choice("pr-1.db.test", WILDCARD),
          new Choice("PR-1.DB.Test", WILDCARD),
          new Choice("pr-1.db.test.", WILDCARD),
          new Choice("db.test", WILDCARD),
          new Choice("pr-7.db.test", EXACT),
          new Choice("Pr-7.db.test.", EXACT),
          new Choice("other.test", EXACT),
          new Choice("localhost", FIRST),
          new Choice("a.b.db.test", FIRST),
          new Choice("pr-1.elsewhere.test", FIRST),
          new Choice(".db.test", FIRST),
          new Choice("test", FIRST),
          new Choice("*.db.test", WILDCARD),
          new Choice(".", FIRST),
          new Choice(null, FIRST));

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void choosesTheCertificate(String version) throws Exception {
    try (ProxyHarness proxy = start()) {
      for (Choice choice : CHOICES) {
        assertThat(shown(proxy, authority, choice.serverName, version))
            .as("%s", choice)
            .isEqualTo(certificates.get(choice.certificate));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pr-7.db.test", "PR-7.DB.TEST", "pr-7.db.test."})
  void namesTheEnvironment(String serverName) throws Exception {
    try (ProxyHarness proxy = start()) {
      try (TestClient client = TestClient.over(asked(proxy, authority, serverName))) {
        client.start(0, Map.of("database", "shop"));
        client.authenticate();
        client.awaitReady();
      }
      try (TestClient client = TestClient.over(direct(proxy, serverName))) {
        client.start(0, Map.of("database", "postgres"));
        client.authenticate();
        client.awaitReady();
      }
    }
    assertThat(environments.requests())
        .extracting(OpenRequest::environment, OpenRequest::database)
        .containsExactly(tuple("pr-7", "shop"), tuple("pr-7", "postgres"));
  }

  @Test
  void whatItCannotNameIsToldAfterAuthentication() throws Exception {
    try (ProxyHarness proxy = start()) {
      for (String serverName : List.of("a.b.db.test", "pr_1.db.test", "pr-7.db.test")) {
        try (TestClient client = TestClient.over(asked(proxy, authority, serverName))) {
          client.authenticated();

          assertThat(client.awaitFatal().sqlState()).isEqualTo("22023");
        }
      }
    }
    assertThat(environments.requests()).isEmpty();
  }

  @Test
  void eachCertificateIsReadAgainAndDropsNobody(@TempDir Path renewed) throws Exception {
    TestAuthority renewing = new TestAuthority(renewed);
    X509Certificate first = renewing.issue(Algorithm.ecp256);
    X509Certificate old = renewing.issue(WILDCARD, Algorithm.ecp256, "*.db.test");
    X509Certificate exact = renewing.issue(EXACT, Algorithm.ecp256, "pr-7.db.test");
    try (ProxyHarness proxy = ProxyHarness.with().tls(tls(renewing)).start(environments);
        TestClient client = TestClient.over(asked(proxy, renewing, "pr-1.db.test")).ready()) {
      assertThat(shown(proxy, renewing, "pr-1.db.test", "TLSv1.3")).isEqualTo(old);
      // One that is broken does not keep another from being renewed.
      TestAuthority.write(renewing.certificateFile(), "half of a cert");
      X509Certificate renewal =
          renewing.issue(WILDCARD, Algorithm.rsa2048, "*.db.test", "new.test");
      X509Certificate shown = old;
      while (shown.equals(old)) {
        Thread.sleep(20);
        shown = shown(proxy, renewing, "pr-1.db.test", "TLSv1.3");
      }

      assertThat(shown).isEqualTo(renewal);
      assertThat(shown(proxy, renewing, "new.test", "TLSv1.3")).isEqualTo(renewal);
      assertThat(shown(proxy, renewing, "pr-7.db.test", "TLSv1.3")).isEqualTo(exact);
      assertThat(shown(proxy, renewing, "localhost", "TLSv1.3")).isEqualTo(first);
      client.send("select 1");
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @Test
  void aCertificateForNobodyKeepsTheProxyFromListening(@TempDir Path other) {
    TestAuthority nameless = new TestAuthority(other);
    nameless.issue(Algorithm.ecp256);
    nameless.issue(EXACT, Algorithm.ecp256, "pr-7.db.test");
    nameless.issue(WILDCARD, Algorithm.ecp256);

    assertThatThrownBy(() -> ProxyHarness.with().tls(tls(nameless)).start(environments).close())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "listen.tls.certificates.certificate: "
                + other.resolve("wildcard.crt")
                + " is for no server by name, so nobody would be shown it");
  }

  private static X509Certificate shown(
      ProxyHarness proxy, TestAuthority authority, @Nullable String serverName, String version)
      throws Exception {
    try (Wire wire =
        encrypted(
            requested(proxy),
            authority,
            serverName,
            parameters -> parameters.setProtocols(new String[] {version}))) {
      return (X509Certificate) wire.session().getPeerCertificates()[0];
    }
  }

  private static Wire asked(ProxyHarness proxy, TestAuthority authority, String serverName)
      throws IOException {
    return encrypted(requested(proxy), authority, serverName, _ -> {});
  }

  private static Wire direct(ProxyHarness proxy, String serverName) throws IOException {
    return encrypted(
        TestClient.connect(proxy.port()).wire(),
        authority,
        serverName,
        parameters -> parameters.setApplicationProtocols(new String[] {"postgresql"}));
  }

  private static Wire requested(ProxyHarness proxy) throws IOException {
    Wire wire = TestClient.connect(proxy.port()).wire();
    wire.send(new SSLRequest()::encode);
    assertThat(wire.read()).isEqualTo('S');
    return wire;
  }

  private static Wire encrypted(
      Wire wire,
      TestAuthority authority,
      @Nullable String serverName,
      Consumer<SSLParameters> adjust)
      throws IOException {
    return wire.encrypted(
        authority.clients(),
        parameters -> {
          parameters.setServerNames(
              serverName == null ? List.of() : List.of(new AnyServerName(serverName)));
          adjust.accept(parameters);
        });
  }

  /** Also those that Java would not send for a host. */
  private static final class AnyServerName extends SNIServerName {
    AnyServerName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
