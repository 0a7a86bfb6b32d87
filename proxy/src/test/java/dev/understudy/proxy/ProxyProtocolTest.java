package dev.understudy.proxy;

import static dev.understudy.proxy.testing.TestClient.startupMessage;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.AddressBlock;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.proxy.cancel.CancelRate;
import dev.understudy.proxy.testing.ProxyHeaders;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.TestAuthority;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that come through a load balancer. */
class ProxyProtocolTest extends ScriptedFixture {
  private static final AddressBlock LOOPBACK =
      AddressBlock.around(InetAddress.getLoopbackAddress(), 8);
  private static final AddressBlock ELSEWHERE =
      AddressBlock.around(InetAddress.ofLiteral("192.0.2.0"), 24);

  private static ProxyHarness.Builder with() {
    return ProxyHarness.with().senders(ELSEWHERE, LOOPBACK);
  }

  @Test
  void theClientIsWhereTheHeaderSays() throws Exception {
    List<String> logged =
        Logged.during(() -> {
          try (ProxyHarness proxy = with().start(environments);
              TestClient client = connect(proxy, "203.0.113.9")) {
            client.ready();
          }
        });

    assertThat(environments.requests().getFirst().client())
        .isEqualTo(new InetSocketAddress("203.0.113.9", 40_000));
    assertThat(logged).isNotEmpty().allMatch(line -> line.startsWith("/203.0.113.9:40000: "));
  }

  @Test
  void theSendersOwnConnectionsHaveItsAddress() throws Exception {
    try (ProxyHarness proxy = with().start(environments);
        TestClient client = TestClient.connect(proxy.port())) {
      client.wire().send(ProxyHeaders.local());
      client.ready();
    }

    assertThat(((InetSocketAddress) environments.requests().getFirst().client()).getAddress())
        .isEqualTo(InetAddress.getLoopbackAddress());
  }

  @Test
  void theHeaderComesInPiecesOrWithWhatFollows() throws Exception {
    byte[] header = ProxyHeaders.of("203.0.113.9", 40_000);
    byte[] startup = Wire.bytes(startupMessage(0, Map.of())::encode);
    byte[] both = Arrays.copyOf(header, header.length + startup.length);
    System.arraycopy(startup, 0, both, header.length, startup.length);
    try (ProxyHarness proxy = with().start(environments)) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().sendByteByByte(both);
        client.authenticate();
        client.awaitReady();
      }
      for (int length = header.length - 1; length <= both.length; length++) {
        try (TestClient client = TestClient.connect(proxy.port())) {
          client.wire().send(Arrays.copyOf(both, length));
          client.wire().send(Arrays.copyOfRange(both, length, both.length));
          client.authenticate();
          client.awaitReady();
        }
      }
    }
  }

  @Test
  void theHeaderComesBeforeTls(@TempDir Path directory) throws Exception {
    TestAuthority authority = new TestAuthority(directory);
    authority.issue(Algorithm.ecp256);
    byte[] header = ProxyHeaders.of("203.0.113.9", 40_000);
    try (ProxyHarness proxy = with().tls(authority.tls(true)).start(environments)) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(header);
        client.wire().send(new SSLRequest()::encode);
        assertThat(client.wire().read()).isEqualTo('S');
        TestClient.over(client.wire().encrypted(authority.clients(), _ -> {})).ready().close();
      }
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(header);
        Wire direct =
            client
                .wire()
                .encrypted(
                    authority.clients(),
                    parameters -> parameters.setApplicationProtocols(new String[] {"postgresql"}));
        TestClient.over(direct).ready().close();
      }
    }
    assertThat(environments.requests())
        .hasSize(2)
        .allMatch(request -> request.client().equals(new InetSocketAddress("203.0.113.9", 40_000)));
  }

  @Test
  void whoSendsNoHeaderIsRefused() throws Exception {
    byte[] textual = "PROXY TCP4 203.0.113.9 127.0.0.1 40000 6432\r\n".getBytes(US_ASCII);
    byte[] startup = Wire.bytes(startupMessage(0, Map.of())::encode);
    try (ProxyHarness proxy = with().start(environments)) {
      for (byte[] sent : List.of(textual, startup, new byte[] {0})) {
        try (TestClient client = TestClient.connect(proxy.port())) {
          client.wire().send(sent);
          ErrorResponse error = client.awaitFatal();

          assertThat(error.sqlState()).isEqualTo("08P01");
          assertThat(error.message())
              .isEqualTo("the connection does not begin with a PROXY protocol header");
          assertThat(error.hint()).contains("load balancer");
        }
      }
    }
    assertThat(environments.requests()).isEmpty();
  }

  @Test
  void whoIsNoSenderIsNotBelieved() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.with().senders(ELSEWHERE).start(environments);
        TestClient client = connect(proxy, "203.0.113.9")) {
      ErrorResponse error = client.awaitFatal();

      assertThat(error.sqlState()).isEqualTo("28000");
      assertThat(error.message())
          .isEqualTo("connections from address \"127.0.0.1\" are not accepted");
      assertThat(error.detail()).contains("listen.proxy-protocol-senders");
    }
    assertThat(environments.requests()).isEmpty();
  }

  @Test
  void aHeaderThatIsNotAskedForIsNotRead() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        TestClient client = connect(proxy, "203.0.113.9")) {
      assertThat(client.awaitFatal().message()).isEqualTo("invalid length of startup packet");
    }
  }

  @Test
  void limitsCountTheClientsAddress() throws Exception {
    try (ProxyHarness proxy = with().unauthenticated(2, 1).start(environments);
        TestClient first = connect(proxy, "203.0.113.1");
        TestClient second = connect(proxy, "203.0.113.1");
        TestClient other = connect(proxy, "203.0.113.2")) {
      first.start(0, Map.of());
      first.read();
      second.start(0, Map.of());
      BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
      Thread.startVirtualThread(() -> {
        try {
          heard.add(second.wire().read());
        } catch (IOException e) {
          heard.add(-2);
        }
      });
      other.ready();
      assertThat(heard.poll(100, TimeUnit.MILLISECONDS)).isNull();

      first.wire().close();
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo((int) 'R');
    }
  }

  @Test
  void cancelRequestsHaveHeadersTooAndAreCountedByThem() throws Exception {
    BlockingQueue<StartupPacket> cancelled = new LinkedBlockingQueue<>();
    server.play(wire -> {
      StartupPacket packet = wire.readStartupPacket();
      if (packet instanceof StartupMessage) {
        wire.send(Scripts::startup);
        wire.readToEnd();
      } else {
        cancelled.add(packet);
      }
    });
    try (ProxyHarness proxy = with().cancelRate(new CancelRate(1, 1)).start(environments);
        TestClient client = connect(proxy, "203.0.113.9")) {
      client.start(0, Map.of());
      client.authenticate();
      BackendKeyData key =
          client.awaitReady().stream()
              .filter(BackendKeyData.class::isInstance)
              .map(BackendKeyData.class::cast)
              .findFirst()
              .orElseThrow();
      for (String from : List.of("203.0.113.9", "203.0.113.10", "198.51.100.1")) {
        try (TestClient requester = connect(proxy, from)) {
          requester.wire().send(new CancelRequest(key.pid(), key.key())::encode);
          assertThat(requester.wire().read()).isNegative();
        }
      }
    }
    assertThat(cancelled).as("of one network one, and one of another").hasSize(2);
  }

  @Test
  void theDeadlineBeginsBeforeTheHeader() throws Exception {
    byte[] header = ProxyHeaders.of("203.0.113.9", 40_000);
    try (ProxyHarness proxy = with().startupTimeout(Duration.ofMillis(400)).start(environments)) {
      try (TestClient silent = TestClient.connect(proxy.port());
          TestClient half = TestClient.connect(proxy.port())) {
        half.wire().send(Arrays.copyOf(header, header.length - 1));
        assertThat(silent.wire().read()).isNegative();
        assertThat(half.wire().read()).isNegative();
      }
      try (TestClient slow = TestClient.connect(proxy.port())) {
        long start = System.nanoTime();
        slow.wire().send(Arrays.copyOf(header, 5));
        Thread.sleep(300);
        slow.wire().send(Arrays.copyOfRange(header, 5, header.length));
        slow.start(0, Map.of());
        slow.read();

        assertThat(slow.awaitFatal().sqlState()).isEqualTo("57014");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isBetween(300L, 650L);
      }
    }
  }

  @Test
  void probesLeaveNoTraceInTheLog() throws Exception {
    List<String> logged =
        Logged.during(() -> {
          for (AddressBlock sender : List.of(LOOPBACK, ELSEWHERE)) {
            try (ProxyHarness proxy = ProxyHarness.with().senders(sender).start(environments)) {
              TestClient.connect(proxy.port()).close();
              try (TestClient reset = TestClient.connect(proxy.port())) {
                reset.wire().setOption(StandardSocketOptions.SO_LINGER, 0);
              }
            }
          }
          try (ProxyHarness proxy = with().start(environments)) {
            connect(proxy, "203.0.113.9").close();
            try (TestClient own = TestClient.connect(proxy.port())) {
              own.wire().send(ProxyHeaders.local());
            }
          }
        });

    assertThat(logged).isEmpty();
  }

  private static TestClient connect(ProxyHarness proxy, String address) throws IOException {
    TestClient client = TestClient.connect(proxy.port());
    client.wire().send(ProxyHeaders.of(address, 40_000));
    return client;
  }
}
