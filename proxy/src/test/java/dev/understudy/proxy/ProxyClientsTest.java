package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.proxy.client.ClientDescription.Replication;
import dev.understudy.proxy.client.ClientStatus;
import dev.understudy.proxy.client.ClientStatus.State;
import dev.understudy.proxy.client.Totals;
import dev.understudy.proxy.testing.FakeEnvironments.FakeLease;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is known of sessions while they last, and how somebody else ends them. */
@Timeout(60)
class ProxyClientsTest extends ProxyFixture {
  @Test
  void showsWhoIsConnectedAndWhatPasses() throws Exception {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of("application_name", "shop-ui"));
      client.authenticate();
      client.awaitReady();
      await(() -> only().state() == State.IDLE);
      ClientStatus idle = only();

      assertThat(idle.description().login()).isEqualTo("app");
      assertThat(idle.description().database()).isEqualTo("shop");
      assertThat(idle.description().environment()).isEqualTo("pr-1");
      assertThat(idle.description().applicationName()).isEqualTo("shop-ui");
      assertThat(idle.description().replication()).isEqualTo(Replication.NONE);
      assertThat(idle.description().tls()).isEmpty();
      assertThat(idle.description().localAddress().toString()).endsWith(":" + proxy.port());
      assertThat(idle.connectedAt()).isBefore(Instant.now().plusSeconds(1));
      assertThat(idle.server())
          .isNotNull()
          .satisfies(link -> {
            assertThat(link.socket()).isEqualTo(server.socket());
            assertThat(link.pid()).isEqualTo(Scripts.SERVER_KEY.pid());
          });

      client.send("x");
      client.wire().readFrame();
      await(() -> only().totals().received() == Wire.message('Q', "x\0").length);
      assertThat(only().totals().sent()).isEqualTo(2L * Scripts.READY.length);
      assertThat(only().id()).isEqualTo(idle.id());
    }
    await(() -> proxy.clients().list().isEmpty());
    Totals totals = proxy.clients().statistics().getFirst().totals();
    assertThat(totals.logins()).isOne();
    assertThat(totals.assignments()).isOne();
    assertThat(totals.received()).isPositive();
  }

  @Test
  void thePhasesOfAConnectAreTold() throws Exception {
    long begin = System.nanoTime();
    try (TestClient client = TestClient.ready(proxy.port())) {
      Duration whole = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(environments.awaitLease().connected())
          .singleElement()
          .satisfies(timings -> {
            assertThat(timings.authenticate()).isPositive();
            assertThat(timings.connect()).isPositive();
            assertThat(timings.authenticate().plus(timings.connect())).isLessThan(whole);
          });
      client.send("x");
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @Test
  void eventLoopsKeepUp() throws Exception {
    assertThat(proxy.server().eventLoops())
        .isNotEmpty()
        .allSatisfy(loop -> {
          assertThat(loop.delay()).isLessThan(Duration.ofSeconds(20));
          assertThat(loop.pendingTasks()).isNotNegative();
        });
    try (TestClient client = TestClient.ready(proxy.port())) {
      client.send("x");
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
      assertThat(proxy.server().bufferMemory().direct()).isPositive();
    }
  }

  @Test
  void whoIsTurnedAwayIsCountedByWhatIsTold() throws Exception {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of("database", "shop"));
      client.authenticate();
      assertThat(client.awaitFatal().sqlState()).isEqualTo("3D000");
    }
    assertThat(proxy.clients().refusals()).isEqualTo(Map.of("3D000", 1L));
  }

  @Test
  void asksForReplicationAreSeen() throws Exception {
    for (Map.Entry<String, Replication> asked :
        Map.of("database", Replication.LOGICAL, "true", Replication.PHYSICAL).entrySet()) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.start(0, Map.of("replication", asked.getKey()));
        client.authenticate();
        client.awaitReady();
        assertThat(only().description().replication()).isEqualTo(asked.getValue());
      }
      await(() -> proxy.clients().list().isEmpty());
    }
  }

  @Test
  void aStatementMakesItActive() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    server.play(wire -> {
      Scripts.startUp(wire);
      wire.readFrame();
      asked.countDown();
      mayAnswer.await();
      wire.send(Wire.message('Z', "T"));
      wire.readToEnd();
    });
    try (TestClient client = TestClient.ready(proxy.port())) {
      client.send("begin");
      asked.await();
      assertThat(only().state()).isEqualTo(State.ACTIVE);
      mayAnswer.countDown();
      client.wire().readFrame();
      assertThat(only().state()).as("a transaction is open").isEqualTo(State.ACTIVE);
    }
  }

  @Test
  void anIdleSessionIsToldThatItIsKilled() throws Exception {
    try (TestClient client = TestClient.ready(proxy.port());
        TestClient other = TestClient.ready(proxy.port())) {
      assertThat(proxy.clients().kill(proxy.clients().list().getFirst().id())).isTrue();

      assertKilled(client.awaitFatal());
      other.send("x");
      assertThat(other.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @Test
  void aSessionThatHasHeardANotificationSinceIsIdleAndToldThatItIsKilled() throws Exception {
    server.play(Scripts::notifyAndWait);
    try (TestClient client = TestClient.ready(proxy.port())) {
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'A');
      assertThat(only().state()).isEqualTo(State.IDLE);
      assertThat(proxy.clients().kill(only().id())).isTrue();

      assertKilled(client.awaitFatal());
    }
  }

  @Test
  void whatASessionDoesIsCancelledFirst() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    server.play(wire -> {
      StartupPacket packet = wire.readStartupPacket();
      if (packet instanceof CancelRequest cancel) {
        assertThat(cancel.pid()).isEqualTo(Scripts.SERVER_KEY.pid());
        cancelled.countDown();
        return;
      }
      wire.send(Scripts::startup);
      wire.readFrame();
      asked.countDown();
      cancelled.await();
      wire.send(ErrorResponse.error("57014", "canceling statement", null, null)::encode);
      wire.send(Wire.message('Z', "E"));
      wire.readToEnd();
    });
    try (TestClient client = TestClient.ready(proxy.port())) {
      client.send("select pg_sleep(60)");
      asked.await();
      assertThat(proxy.clients().kill(only().id())).isTrue();

      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'E');
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
      assertKilled(client.awaitFatal());
    }
  }

  /** A server that goes on cannot be interrupted with an error of ours. */
  @Test
  void whatCannotBeCancelledIsCutOff() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    server.play(wire -> {
      if (wire.readStartupPacket() instanceof CancelRequest) {
        return;
      }
      wire.send(Scripts::startup);
      wire.readFrame();
      asked.countDown();
      wire.readToEnd();
    });
    try (TestClient client = TestClient.ready(proxy.port())) {
      client.send("select endless()");
      asked.await();
      assertThat(proxy.clients().kill(only().id())).isTrue();

      assertThat(client.wire().read()).isNegative();
      environments.awaitLease().awaitClosed();
    }
  }

  @Test
  void whoWaitsOrIsParkedIsTold() throws Exception {
    try (TestClient parked = TestClient.ready(proxy.port())) {
      FakeLease lease = environments.awaitLease();
      lease.tellStopping();
      assertThat(only().state()).isEqualTo(State.PARKED);
      assertThat(only().server()).isNull();
      assertThat(proxy.clients().kill(only().id())).isTrue();
      assertKilled(parked.awaitFatal());
    }
    await(() -> proxy.clients().list().isEmpty());
    environments.makeWait();
    try (TestClient waiting = TestClient.authenticated(proxy.port())) {
      var pending = environments.awaitPending();
      assertThat(only().state()).isEqualTo(State.WAITING);
      assertThat(proxy.clients().kill(only().id())).isTrue();
      assertKilled(waiting.awaitFatal());
      assertThat(pending.future()).isCancelled();
    }
  }

  @Test
  void whoIsInMayStayWhenNobodyIsLetInAnyMore() throws Exception {
    Thread waiting;
    try (TestClient client = TestClient.ready(proxy.port())) {
      proxy.server().letNobodyIn();
      waiting =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  proxy.server().awaitNoSessions();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      try (TestClient late = TestClient.connect(proxy.port())) {
        late.start(0, Map.of());
        assertThat(late.awaitFatal().sqlState()).isEqualTo("57P03");
      }
      client.send("x");
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
      assertThat(waiting.isAlive()).isTrue();
    }
    assertThat(waiting.join(Duration.ofSeconds(30))).isTrue();
  }

  private static void assertKilled(ErrorResponse error) {
    assertThat(error.sqlState()).isEqualTo("57P01");
    assertThat(error.message()).isEqualTo("terminating connection due to administrator command");
    assertThat(error.detail()).isEqualTo("An administrator of Understudy ended the session.");
  }

  private ClientStatus only() {
    List<ClientStatus> all = proxy.clients().list();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }
}
