package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.proxy.cancel.CancelRate;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.ScriptedServer;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import dev.understudy.proxy.transport.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyCancelTest {
  private final BlockingQueue<CancelRequest> cancelled = new LinkedBlockingQueue<>();
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private ScriptedServer server;
  private FakeEnvironments environments;
  private ProxyHarness proxy;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer(this::serve);
    environments = FakeEnvironments.at(server.socket());
    proxy = ProxyHarness.with().maxConnections(1).cancelRequests(1).start(environments);
  }

  @AfterEach
  void stop() throws IOException {
    mayEnd.countDown();
    proxy.close();
    server.close();
  }

  private void serve(Wire wire) throws Exception {
    StartupPacket packet = wire.readStartupPacket();
    if (packet instanceof CancelRequest request) {
      cancelled.add(request);
      mayEnd.await();
    } else if (packet instanceof StartupMessage) {
      wire.send(Scripts::startup);
      wire.readToEnd();
    }
  }

  @Test
  void aKeyOfOursReachesTheServerAsItsOwn() throws Exception {
    for (int minor = 0; minor <= 2; minor += 2) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        BackendKeyData key = login(client, minor);
        mayEnd.countDown();
        // All of max-connections is in use: cancels do not count.
        cancelAndAwaitEnd(key);

        assertThat(cancelled.poll(10, TimeUnit.SECONDS))
            .isEqualTo(new CancelRequest(Scripts.SERVER_KEY.pid(), Scripts.SERVER_KEY.key()));
      }
      environments.awaitLease().awaitClosed();
      // The place is given back a moment later.
      proxy.server().awaitNoSessions();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aWaitForAServerIsCancelled(int minor) throws Exception {
    environments.makeWait();
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(minor, Map.of());
      client.authenticate();
      BackendKeyData key = (BackendKeyData) client.read();
      FakeEnvironments.Pending pending = environments.awaitPending();
      cancelAndAwaitEnd(key);

      ErrorResponse error = client.awaitFatal();
      assertThat(error.sqlState()).isEqualTo("57014");
      assertThat(error.message()).isEqualTo("canceling connection due to user request");
      assertThat(error.detail()).contains("\"pr-1\"");
      assertThat(pending.future()).isCancelled();
      cancelAndAwaitEnd(key);
    }
    assertThat(cancelled).isEmpty();
  }

  @Test
  void theWaitAfterAServerThatEndedInItsStartupIsCancelledToo() throws Exception {
    server.play(wire -> {
      wire.readStartupPacket();
      environments.makeWait();
      wire.send(out -> {
        new AuthenticationOk().encode(out);
        Scripts.SERVER_KEY.encode(out);
      });
    });
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of());
      client.authenticate();
      BackendKeyData key = (BackendKeyData) client.read();
      FakeEnvironments.Pending pending = environments.awaitPending();
      cancelAndAwaitEnd(key);

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57014");
      assertThat(pending.future()).isCancelled();
    }
    assertThat(cancelled).isEmpty();
  }

  @Test
  void aServerThatDoesNotGetReadyIsNotWaitedForAfterACancel() throws Exception {
    server.play(Wire::readToEnd);
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      FakeEnvironments.FakeLease lease = environments.awaitLease();
      cancelAndAwaitEnd((BackendKeyData) client.read());

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57014");
      lease.awaitClosed();
    }
  }

  @ParameterizedTest
  @MethodSource("waysToLeave")
  void requestsWaitForNobodyWhoAuthenticates(Transport transport, boolean closes) throws Exception {
    mayEnd.countDown();
    try (ProxyHarness narrow =
            ProxyHarness.with().transport(transport).unauthenticated(1, 1).start(environments);
        TestClient client = TestClient.connect(narrow.port())) {
      BackendKeyData key = login(client, 0);
      List<TestClient> requesters = new ArrayList<>();
      try (TestClient asked = TestClient.connect(narrow.port())) {
        asked.start(0, Map.of());
        asked.read();
        // It has the only place now.
        for (int i = 0; i < 8; i++) {
          TestClient requester = TestClient.connect(narrow.port());
          send(requester, key);
          if (closes) {
            requester.close();
          } else {
            requester.wire().shutdownOutput();
            requesters.add(requester);
          }
        }
        for (int i = 0; i < 8; i++) {
          assertThat(cancelled.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
      }
      for (TestClient requester : requesters) {
        assertThat(requester.wire().read()).isNegative();
        requester.close();
      }
    }
  }

  static Stream<Arguments> waysToLeave() {
    return ProxyRelayTest.transports()
        .flatMap(
            transport -> Stream.of(Arguments.of(transport, false), Arguments.of(transport, true)));
  }

  @Test
  void aClientGetsOneKey() throws Exception {
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      assertThat(client.read()).isInstanceOf(BackendKeyData.class);
      assertThat(client.awaitReady()).noneMatch(BackendKeyData.class::isInstance);
    }
  }

  @Test
  void theRequestersConnectionEndsAfterTheServers() throws Exception {
    try (TestClient client = TestClient.connect(proxy.port());
        TestClient requester = TestClient.connect(proxy.port())) {
      send(requester, login(client, 0));
      assertThat(cancelled.poll(10, TimeUnit.SECONDS)).isNotNull();
      BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
      Thread.startVirtualThread(() -> ended.add(readOne(requester)));

      assertThat(ended.poll(200, TimeUnit.MILLISECONDS)).isNull();
      mayEnd.countDown();
      assertThat(ended.poll(10, TimeUnit.SECONDS)).isEqualTo(-1);
    }
  }

  @Test
  void aWrongKeyCancelsNothingAndIsToldNothing() throws Exception {
    try (TestClient client = TestClient.connect(proxy.port())) {
      BackendKeyData key = login(client, 0);
      cancelAndAwaitEnd(new BackendKeyData(key.pid(), Bytes.utf8("nope")));
      cancelAndAwaitEnd(new BackendKeyData(key.pid() ^ 1, key.key()));
      cancelAndAwaitEnd(Scripts.SERVER_KEY);

      assertThat(cancelled).isEmpty();
    }
  }

  @Test
  void aKeyEndsWithItsSession() throws Exception {
    BackendKeyData key;
    try (TestClient client = TestClient.connect(proxy.port())) {
      key = login(client, 0);
    }
    environments.awaitLease().awaitClosed();
    cancelAndAwaitEnd(key);

    assertThat(cancelled).isEmpty();
  }

  @Test
  void aStormIsCutOff() throws Exception {
    try (TestClient client = TestClient.connect(proxy.port());
        TestClient first = TestClient.connect(proxy.port())) {
      BackendKeyData key = login(client, 0);
      send(first, key);
      assertThat(cancelled.poll(10, TimeUnit.SECONDS)).isNotNull();
      cancelAndAwaitEnd(key);

      assertThat(cancelled).isEmpty();
    }
  }

  @Test
  void aServerThatDoesNotEndIsWaitedForSoLong() throws Exception {
    try (ProxyHarness hasty =
            ProxyHarness.with().cancelTimeout(Duration.ofMillis(200)).start(environments);
        TestClient client = TestClient.connect(hasty.port());
        TestClient requester = TestClient.connect(hasty.port())) {
      send(requester, login(client, 0));
      assertThat(requester.wire().read()).isNegative();

      assertThat(cancelled).hasSize(1);
    }
  }

  @Test
  void aNetworkIsHeldToItsRate() throws Exception {
    mayEnd.countDown();
    try (ProxyHarness strict =
            ProxyHarness.with().cancelRate(new CancelRate(1, 3)).start(environments);
        TestClient client = TestClient.connect(strict.port())) {
      BackendKeyData key = login(client, 0);
      List<String> logged =
          Logged.during(() -> {
            for (int i = 0; i < 6; i++) {
              try (TestClient requester = TestClient.connect(strict.port())) {
                send(requester, key);
                assertThat(requester.wire().read()).isNegative();
              }
            }
          });

      assertThat(cancelled).hasSize(3);
      assertThat(logged).singleElement().asString().contains("Dropped cancel requests");
    }
  }

  private static BackendKeyData login(TestClient client, int minor) throws IOException {
    client.start(minor, Map.of());
    client.authenticate();
    return client.awaitReady().stream()
        .filter(BackendKeyData.class::isInstance)
        .map(BackendKeyData.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static void send(TestClient requester, BackendKeyData key) throws IOException {
    requester.wire().send(new CancelRequest(key.pid(), key.key())::encode);
  }

  private void cancelAndAwaitEnd(BackendKeyData key) throws IOException {
    try (TestClient requester = TestClient.connect(proxy.port())) {
      send(requester, key);
      assertThat(requester.wire().read()).isNegative();
    }
  }

  private static int readOne(TestClient client) {
    try {
      return client.wire().read();
    } catch (EOFException e) {
      return -1;
    } catch (IOException e) {
      return -2;
    }
  }
}
