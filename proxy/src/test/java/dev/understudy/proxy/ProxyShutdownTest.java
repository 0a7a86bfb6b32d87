package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.Listen;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProxyShutdownTest extends ScriptedFixture {
  @Test
  void aSessionBetweenTransactionsIsToldAtOnce() throws Exception {
    ProxyHarness proxy =
        ProxyHarness.with().drainTimeout(Duration.ofSeconds(20)).start(environments);
    Thread closing = Thread.ofVirtual().unstarted(proxy::close);
    try (TestClient client = TestClient.ready(proxy.port())) {
      closing.start();

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57P01");
    }
    closing.join();
  }

  @Test
  void aSessionInTheMiddleOfAQueryEndsBehindItsAnswer() throws Exception {
    CountDownLatch received = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    server.play(wire -> {
      Scripts.startUp(wire);
      wire.readFrame();
      received.countDown();
      mayAnswer.await();
      wire.send(Wire.message('D', "row"));
      wire.send(Scripts.READY);
      wire.readToEnd();
    });
    ProxyHarness proxy =
        ProxyHarness.with().drainTimeout(Duration.ofSeconds(20)).start(environments);
    Thread closing = Thread.ofVirtual().unstarted(proxy::close);
    try (TestClient client = TestClient.ready(proxy.port())) {
      client.send("select slowly");
      received.await();
      closing.start();
      awaitRefused(proxy.port());
      mayAnswer.countDown();

      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'D');
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
      assertThat(client.awaitFatal().sqlState()).isEqualTo("57P01");
    }
    closing.join();
  }

  @Test
  void theDeadlineEndsWhatDoesNotEnd() throws Exception {
    CountDownLatch received = new CountDownLatch(1);
    server.play(wire -> {
      Scripts.startUp(wire);
      wire.readFrame();
      received.countDown();
      wire.readToEnd();
    });
    ProxyHarness proxy =
        ProxyHarness.with().drainTimeout(Duration.ofMillis(100)).start(environments);
    try (TestClient client = TestClient.ready(proxy.port())) {
      client.send("select forever");
      received.await();
      proxy.close();

      client.wire().readToEnd();
      environments.awaitLease().awaitClosed();
    }
  }

  @Test
  void whoWaitsIsToldAndItsWaitEnds() throws Exception {
    environments.makeWait();
    ProxyHarness proxy =
        ProxyHarness.with().drainTimeout(Duration.ofSeconds(20)).start(environments);
    Thread closing = Thread.ofVirtual().unstarted(proxy::close);
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      FakeEnvironments.Pending pending = environments.awaitPending();
      closing.start();

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57P01");
      assertThat(pending.future()).isCancelled();
    }
    closing.join();
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        ProxyServer second =
            new ProxyServer(
                new Listen(
                    "127.0.0.1", proxy.port(), 1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                false,
                () -> new Names(List.of(), Map.of()),
                (_, _) -> Optional.empty(),
                environments,
                (_, _) -> {
                  throw new AssertionError("nobody gets in");
                })) {
      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1 port " + proxy.port());
    }
  }

  private static void awaitRefused(int port) throws IOException {
    while (true) {
      try (TestClient probe = TestClient.connect(port)) {
        probe.wire().readToEnd();
      } catch (ConnectException e) {
        return;
      } catch (SocketException e) {
        // The listener went while this connection stood in its backlog: the kernel resets it.
      }
    }
  }
}
