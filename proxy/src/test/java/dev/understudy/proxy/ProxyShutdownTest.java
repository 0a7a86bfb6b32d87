package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.Listen;
import dev.understudy.protocol.backend.BackendMessage;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.backend.ReadyForQuery;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
  void aSessionThatHasHeardANotificationSinceIsToldAtOnce() throws Exception {
    server.play(Scripts::notifyAndWait);
    ProxyHarness proxy =
        ProxyHarness.with().drainTimeout(Duration.ofSeconds(60)).start(environments);
    Thread closing = Thread.ofVirtual().unstarted(proxy::close);
    long begin = System.nanoTime();
    try (TestClient client = TestClient.ready(proxy.port())) {
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'A');
      closing.start();

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57P01");
    }
    closing.join();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
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
      awaitLettingNobodyIn(proxy.port());
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
                () ->
                    new Listen(
                        "127.0.0.1", proxy.port(), 1, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                () -> false,
                () -> new Names(List.of(), Map.of()),
                (_, _, _) -> Optional.empty(),
                environments,
                (_, _) -> {
                  throw new AssertionError("nobody gets in");
                },
                new Clients(_ -> "pr-*"))) {
      assertThatThrownBy(second::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("127.0.0.1 port " + proxy.port());
    }
  }

  @Test
  void whoComesMeanwhileIsToldAndWhoSaysNothingHoldsNobodyUp() throws Exception {
    CountDownLatch received = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    server.play(wire -> answerLate(wire, received, mayAnswer));
    ProxyHarness proxy =
        ProxyHarness.with().drainTimeout(Duration.ofSeconds(20)).start(environments);
    Thread closing = Thread.ofVirtual().unstarted(proxy::close);
    try (TestClient client = TestClient.ready(proxy.port());
        TestClient silent = TestClient.connect(proxy.port())) {
      client.send("select slowly");
      received.await();
      closing.start();
      awaitLettingNobodyIn(proxy.port());
      try (TestClient late = TestClient.connect(proxy.port())) {
        late.wire().send(new SSLRequest()::encode);
        assertThat(late.wire().read()).isEqualTo('N');
        late.start(0, Map.of());
        ErrorResponse error = late.awaitFatal();

        assertThat(error.sqlState()).isEqualTo("57P03");
        assertThat(error.message()).isEqualTo("the database system is shutting down");
        assertThat(error.hint()).contains("Connect again");
      }
      silent.start(0, Map.of());
      assertThat(silent.awaitFatal().sqlState()).isEqualTo("57P03");
      mayAnswer.countDown();
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
      assertThat(client.awaitFatal().sqlState()).isEqualTo("57P01");
    }
    closing.join();
  }

  @Test
  void whoWasLoggingInIsTold() throws Exception {
    ProxyHarness proxy =
        ProxyHarness.with().drainTimeout(Duration.ofSeconds(20)).start(environments);
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of());
      client.answer(TestClient.PASSWORD);
      proxy.close();

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57P03");
    }
  }

  @Test
  void whoAsksWithoutAPauseComesToItsEndToo() throws Exception {
    AtomicInteger executed = new AtomicInteger();
    server.play(wire -> {
      Scripts.startUp(wire);
      try {
        while (true) {
          wire.readFrame();
          executed.incrementAndGet();
          wire.send(Scripts.READY);
        }
      } catch (EOFException e) {
        // The proxy has closed it.
      }
    });
    ProxyHarness proxy =
        ProxyHarness.with().drainTimeout(Duration.ofSeconds(20)).start(environments);
    Thread closing = Thread.ofVirtual().unstarted(proxy::close);
    int answered = 0;
    try (TestClient client = TestClient.ready(proxy.port())) {
      BackendMessage answer;
      do {
        client.send("select 1");
        answer = client.read();
        if (++answered == 100) {
          closing.start();
        }
      } while (answer instanceof ReadyForQuery);

      assertThat(answer)
          .isInstanceOfSatisfying(
              ErrorResponse.class, error -> assertThat(error.sqlState()).isEqualTo("57P01"));
    }
    closing.join();
    assertThat(executed).as("what got no answer was not executed").hasValue(answered - 1);
  }

  @Test
  void anInterruptHurriesIt() throws Exception {
    CountDownLatch received = new CountDownLatch(1);
    server.play(wire -> answerLate(wire, received, new CountDownLatch(1)));
    ProxyHarness proxy = ProxyHarness.with().drainTimeout(Duration.ofHours(1)).start(environments);
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread closing =
        Thread.ofVirtual()
            .unstarted(() -> {
              proxy.close();
              stillInterrupted.set(Thread.interrupted());
            });
    try (TestClient client = TestClient.ready(proxy.port())) {
      client.send("select for an hour");
      received.await();
      closing.start();
      awaitLettingNobodyIn(proxy.port());
      closing.interrupt();

      client.wire().readToEnd();
    }
    closing.join();
    assertThat(stillInterrupted).isTrue();
  }

  private static void answerLate(Wire wire, CountDownLatch received, CountDownLatch mayAnswer)
      throws Exception {
    Scripts.startUp(wire);
    wire.readFrame();
    received.countDown();
    mayAnswer.await();
    wire.send(Scripts.READY);
    wire.readToEnd();
  }

  private static void awaitLettingNobodyIn(int port) throws IOException {
    while (true) {
      try (TestClient probe = TestClient.connect(port)) {
        probe.start(0, Map.of());
        if (probe.read() instanceof ErrorResponse) {
          return;
        }
      }
    }
  }
}
