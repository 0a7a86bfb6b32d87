package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.GSSENCRequest;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import dev.understudy.proxy.transport.Transport;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class ProxyLimitsTest extends ScriptedFixture {
  @Test
  void twoHundredAtOnceFromOneAddressAllGetIn() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.with().unauthenticated(16, 8).start(environments);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<TestClient>> clients = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        clients.add(threads.submit(() -> TestClient.ready(proxy.port())));
      }
      for (Future<TestClient> client : clients) {
        client.get().send("select 1");
      }
      for (Future<TestClient> client : clients) {
        assertThat(client.get().wire().readFrame().type()).isEqualTo((byte) 'Z');
      }

      assertThat(proxy.sessions()).isEqualTo(200);
      for (Future<TestClient> client : clients) {
        client.get().close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.understudy.proxy.ProxyRelayTest#transports")
  void whoFindsNoRoomToWaitIsToldWhy(Transport transport) throws Exception {
    try (ProxyHarness proxy =
            ProxyHarness.with()
                .transport(transport)
                .unauthenticated(1, 1)
                .waitingAtDoor(0)
                .start(environments);
        TestClient inside = TestClient.connect(proxy.port())) {
      inside.start(0, Map.of());
      inside.read();
      for (int i = 0; i < 20; i++) {
        try (TestClient refused = TestClient.connect(proxy.port())) {
          refused.start(0, Map.of());
          ErrorResponse error = refused.awaitFatal();

          assertThat(error.sqlState()).isEqualTo("53300");
          assertThat(error.message()).isEqualTo("sorry, too many clients already");
          assertThat(error.detail()).isNotEmpty();
          assertThat(error.hint()).isNotEmpty();
        }
      }
      assertThat(environments.requests()).isEmpty();
    }
  }

  @Test
  void whoSaysNothingHoldsUpNobody() throws Exception {
    try (ProxyHarness proxy =
        ProxyHarness.with().arriving(20).unauthenticated(1, 1).start(environments)) {
      List<TestClient> silent = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        silent.add(TestClient.connect(proxy.port()));
        TestClient.ready(proxy.port()).close();
      }
      // Half of the room is for one address, and who has been there for longest leaves.
      for (int i = 0; i < 35; i++) {
        assertThat(silent.get(i).awaitFatal().sqlState()).isEqualTo("53300");
      }
      silent.getLast().ready();
      for (TestClient client : silent) {
        client.close();
      }
    }
  }

  @Test
  void whoStallsInTheMiddleOfAHandshakeHoldsUpNobody() throws Exception {
    try (ProxyHarness proxy =
        ProxyHarness.with().arriving(20).unauthenticated(1, 1).start(environments)) {
      List<TestClient> halfWay = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        TestClient client = TestClient.connect(proxy.port());
        client.wire().send(new SSLRequest()::encode);
        assertThat(client.wire().read()).isEqualTo('N');
        halfWay.add(client);
        TestClient.ready(proxy.port()).close();
      }
      for (int i = 0; i < 35; i++) {
        assertThat(halfWay.get(i).wire().read()).as("of the oldest").isNegative();
      }
      halfWay.getLast().wire().send(new GSSENCRequest()::encode);
      assertThat(halfWay.getLast().wire().read()).isEqualTo('N');
      halfWay.getLast().ready();
      for (TestClient client : halfWay) {
        client.close();
      }
    }
  }

  @Test
  void whoIsRefusedAndDoesNotLeaveHoldsNoMoreThanThePorch() throws Exception {
    byte[] rubbish = Wire.message('r', "abc");
    try (ProxyHarness proxy =
        ProxyHarness.with().arriving(10).unauthenticated(1, 1).start(environments)) {
      List<TestClient> refused = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        TestClient client = TestClient.connect(proxy.port());
        client.wire().send(new SSLRequest()::encode);
        assertThat(client.wire().read()).isEqualTo('N');
        client.wire().send(rubbish);
        refused.add(client);
      }
      // Who is closed while its output was shut already hears a reset when it speaks on.
      for (TestClient client : refused.subList(0, 190)) {
        client.wire().readToEnd();
      }
      assertThat(refused.subList(0, 190)).allMatch(ProxyLimitsTest::isClosed);
      for (TestClient client : refused) {
        client.close();
      }
    }
  }

  /** On the other side, and not only for output. */
  private static boolean isClosed(TestClient client) {
    try {
      for (int i = 0; i < 3; i++) {
        client.wire().send(new byte[] {0});
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void whoStallsHoldsUpOthersNoLongerThanTheStay() throws Exception {
    try (ProxyHarness proxy =
            ProxyHarness.with()
                .unauthenticated(1, 1)
                .stay(Duration.ofMillis(300))
                .start(environments);
        TestClient asked = TestClient.connect(proxy.port())) {
      asked.start(0, Map.of());
      asked.read();
      // Nobody wants its place for longer than that, and it keeps it.
      Thread.sleep(350);

      try (TestClient next = TestClient.ready(proxy.port())) {
        assertThat(next.wire()).isNotNull();
      }
      assertThat(asked.awaitFatal().sqlState()).isEqualTo("57014");
    }
  }

  @Test
  void oneSessionTooManyIsRefusedAndAPlaceThatIsLeftIsTaken() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.with().maxConnections(1).start(environments)) {
      try (TestClient first = TestClient.ready(proxy.port());
          TestClient second = TestClient.authenticated(proxy.port())) {
        ErrorResponse error = second.awaitFatal();

        assertThat(error.sqlState()).isEqualTo("53300");
        assertThat(error.hint()).contains("max-connections");
        assertThat(first.wire()).isNotNull();
      }
      environments.awaitLease().awaitClosed();
      try (TestClient third = TestClient.ready(proxy.port())) {
        assertThat(third.wire()).isNotNull();
      }
    }
  }

  @Test
  void whoLeavesWhileWaitingFreesItsPlaceAtOnce() throws Exception {
    environments.makeWait();
    try (ProxyHarness proxy = ProxyHarness.with().maxConnections(1).start(environments)) {
      TestClient first = TestClient.authenticated(proxy.port());
      FakeEnvironments.Pending pending = environments.awaitPending();
      first.close();
      var _ = pending.future().handle((_, _) -> null).join();

      try (TestClient second = TestClient.authenticated(proxy.port())) {
        environments.awaitPending().future().complete(environments.lease(server.socket()));
        assertThat(second.awaitReady()).isNotEmpty();
      }
    }
  }

  @Test
  void probesLeaveNoTraceInTheLog() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.understudy.proxy");
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    try (ProxyHarness proxy = ProxyHarness.start(environments)) {
      logger.setLevel(Level.INFO);
      logger.addAppender(appender);
      for (int i = 0; i < 10; i++) {
        TestClient.connect(proxy.port()).close();
        try (TestClient reset = TestClient.connect(proxy.port())) {
          reset.wire().setOption(StandardSocketOptions.SO_LINGER, 0);
        }
      }
      // Whoever comes later is served later: the probes have been dealt with.
      TestClient.ready(proxy.port()).close();
      environments.awaitLease().awaitClosed();
    } finally {
      logger.detachAppender(appender);
      logger.setLevel(null);
    }

    assertThat(appender.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .hasSize(2)
        .allMatch(message -> message.contains("\"app\""));
  }
}
