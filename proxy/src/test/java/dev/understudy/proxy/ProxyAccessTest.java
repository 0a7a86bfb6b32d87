package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.AddressBlock;
import dev.understudy.config.Admission;
import dev.understudy.config.HbaRule;
import dev.understudy.config.NameGlob;
import dev.understudy.config.NamePattern;
import dev.understudy.protocol.backend.AuthenticationMD5Password;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.proxy.testing.TestAuthority;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import dev.understudy.proxy.transport.Transport;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of who may connect, over connections of all kinds. */
@Timeout(60)
class ProxyAccessTest extends ScriptedFixture {
  private static final String OFFICE = "127.1.0.1";
  private static final String ELSEWHERE = "127.2.0.1";
  private static final HbaRule OF_OFFICE = rule(HbaRule.Type.HOST, List.of(), List.of(), OFFICE);

  private ProxyHarness start(HbaRule... rules) throws IOException {
    return with(rules).start(environments);
  }

  private static ProxyHarness.Builder with(HbaRule... rules) {
    return ProxyHarness.with().admission(new Admission(List.of(rules), true));
  }

  @Test
  void fromTheRightAddressEverythingIsAsEver() throws Exception {
    try (ProxyHarness proxy = start(OF_OFFICE);
        TestClient client = connect(OFFICE, proxy)) {
      client.ready().send("select 1");

      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @Test
  void fromAnotherAddressNobodyLearnsWhichNamesThereAre() throws Exception {
    Set<ErrorResponse> errors = new HashSet<>();
    try (ProxyHarness proxy = start(OF_OFFICE)) {
      for (String user : List.of(TestClient.USER, "nobody")) {
        for (String database : List.of("shop@pr-1", "shop@nothing-like-it", "nothing@pr-1")) {
          try (TestClient client = connect(ELSEWHERE, proxy)) {
            client.start(0, Map.of("user", user, "database", database));
            errors.add(client.awaitFatal());
          }
        }
      }
    }

    assertThat(errors)
        .singleElement()
        .satisfies(error -> {
          assertThat(error.sqlState()).isEqualTo("28000");
          assertThat(error.message())
              .isEqualTo("no listen.hba entry for host \"127.2.0.1\", no encryption");
          assertThat(error.hint()).contains("listen.hba");
        });
  }

  @Test
  void whomTheRulesDoNotLetInHearsItOnlyWithTheRightPassword() throws Exception {
    try (ProxyHarness proxy =
        start(rule(HbaRule.Type.HOST, List.of("postgres"), List.of("pr-*")))) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.start(0, Map.of());
        client.authenticate("wrong");
        assertThat(client.awaitFatal().sqlState()).isEqualTo("28P01");
      }
      try (TestClient client = TestClient.authenticated(proxy.port())) {
        ErrorResponse error = client.awaitFatal();
        assertThat(error.sqlState()).isEqualTo("28000");
        assertThat(error.message())
            .isEqualTo(
                "no listen.hba entry for host \"127.0.0.1\", user \"app\", environment \"pr-1\","
                    + " database \"shop\", no encryption");
      }
      assertThat(proxy.sessions()).isZero();
    }
    assertThat(environments.requests()).as("nothing was made for it").isEmpty();
  }

  @Test
  void whereARouteLeadsIsNotToldToWhoMayNotConnectAnywhere() throws Exception {
    try (ProxyHarness proxy = start(rule(HbaRule.Type.HOST, List.of("postgres"), List.of()));
        TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of("database", "shop@nothing-like-it"));
      client.authenticate();

      assertThat(client.awaitFatal().sqlState()).isEqualTo("28000");
    }
  }

  @Test
  void requestsToCancelObeyTheRulesOfAddresses() throws Exception {
    try (ProxyHarness proxy = start(OF_OFFICE);
        TestClient client = connect(OFFICE, proxy)) {
      environments.makeWait();
      client.authenticated();
      BackendKeyData key = (BackendKeyData) client.read();
      var pending = environments.awaitPending();
      cancel(ELSEWHERE, proxy, key);
      assertThat(pending.future()).isNotDone();
      cancel(OFFICE, proxy, key);

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57014");
    }
  }

  @Test
  void rulesForTlsLetInInsideTlsAlone(@TempDir Path directory) throws Exception {
    TestAuthority authority = new TestAuthority(directory);
    authority.issue(Algorithm.ecp256);
    HbaRule overTls = rule(HbaRule.Type.HOSTSSL, List.of("app"), List.of());
    try (ProxyHarness proxy = with(overTls).tls(authority.tls(false)).start(environments)) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.start(0, Map.of());
        assertThat(client.awaitFatal().hint())
            .isEqualTo("Connect with sslmode=require: inside TLS it is let in.");
      }
      try (TestClient client = TestClient.encrypted(proxy.port(), authority.clients())) {
        client.ready();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.understudy.proxy.ProxyRelayTest#transports")
  void ipv4IsIpv4OnASocketForBoth(Transport transport) throws Exception {
    ProxyHarness.Builder both = with(OF_OFFICE).host("::").transport(transport);
    try (ProxyHarness proxy = both.start(environments)) {
      try (TestClient client = connect(OFFICE, proxy)) {
        client.ready();
      }
      try (TestClient client = connect(ELSEWHERE, proxy)) {
        client.start(0, Map.of());
        assertThat(client.awaitFatal().message()).contains("host \"127.2.0.1\"");
      }
    }
  }

  @Test
  void withoutRulesOfAddressesWhoAsksIsAskedForAPassword() throws Exception {
    HbaRule ofNobodyHere = rule(HbaRule.Type.HOST, List.of("nobody"), List.of("nothing"));
    try (ProxyHarness proxy = start(ofNobodyHere);
        TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of());

      assertThat(client.read()).isInstanceOf(AuthenticationMD5Password.class);
    }
  }

  private static void cancel(String from, ProxyHarness proxy, BackendKeyData key)
      throws IOException {
    try (TestClient requester = connect(from, proxy)) {
      requester.wire().send(new CancelRequest(key.pid(), key.key())::encode);
      assertThat(requester.wire().read()).isNegative();
    }
  }

  /** All of 127.0.0.0/8 is this host. */
  private static TestClient connect(String from, ProxyHarness proxy) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
    return TestClient.over(new Wire(channel));
  }

  private static HbaRule rule(
      HbaRule.Type type, List<String> users, List<String> environments, String... addresses) {
    return new HbaRule(
        type,
        List.of(),
        users.stream().map(NameGlob::new).toList(),
        environments.stream().map(NamePattern::new).toList(),
        List.of(addresses).stream()
            .map(address -> AddressBlock.around(InetAddress.ofLiteral(address), 128))
            .toList(),
        HbaRule.Method.ALLOW);
  }
}
