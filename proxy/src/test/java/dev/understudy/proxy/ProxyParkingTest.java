package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.backend.BackendMessage;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.backend.NoticeResponse;
import dev.understudy.proxy.environment.Notice;
import dev.understudy.proxy.testing.FakeEnvironments.FakeLease;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.Standstill;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of sessions whose server is about to be stopped. */
@Timeout(60)
class ProxyParkingTest extends ProxyFixture {
  @Test
  void aQuietSessionLetsGoOfItsServerAndIsToldAtItsNextByte() throws Exception {
    try (TestClient client = TestClient.ready(proxy.port())) {
      FakeLease lease = park();
      assertThat(lease.closes()).isOne();
      assertThat(proxy.sessions()).as("it still has its socket").isOne();

      client.send("select 2");

      ErrorResponse error = client.awaitFatal();
      assertThat(error.sqlState()).isEqualTo("57P01");
      assertThat(error.message()).isEqualTo("terminating connection due to administrator command");
      assertThat(error.hint()).isEqualTo("Connect again; that wakes it.");
    }
  }

  @Test
  void aSessionThatHasHeardANotificationSinceIsQuiet() throws Exception {
    server.play(Scripts::notifyAndWait);
    try (TestClient client = TestClient.ready(proxy.port())) {
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'A');

      assertThat(park().closes()).isOne();
    }
  }

  @Test
  void aParkedSessionThatLeavesHearsNothing() throws Exception {
    try (TestClient client = TestClient.ready(proxy.port())) {
      park();

      client.wire().send(Wire.message('X', ""));

      assertThat(client.wire().read()).isNegative();
    }
  }

  @Test
  void aParkedSessionIsToldOfTheEndOfTheProxy() throws Exception {
    try (TestClient client = TestClient.ready(proxy.port())) {
      park();
      Thread closing = Thread.startVirtualThread(proxy::close);

      assertThat(client.awaitFatal().detail()).isEqualTo("Understudy is shutting down.");
      closing.join();
    }
  }

  @Test
  void aSessionThatWaitsForAnAnswerIsLeftToItsServer() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch stopping = new CountDownLatch(1);
    server.play(wire -> {
      Scripts.startUp(wire);
      wire.readFrame();
      asked.countDown();
      stopping.await();
      wire.send(ErrorResponse.fatal("57P01", "the server's own words", null, null)::encode);
    });
    try (TestClient client = TestClient.ready(proxy.port())) {
      FakeLease lease = environments.awaitLease();
      client.send("select pg_sleep(60)");
      assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

      lease.tellStopping();
      assertThat(lease.closes()).isZero();
      stopping.countDown();

      assertThat(client.awaitFatal().message()).isEqualTo("the server's own words");
      lease.awaitClosed();
    }
  }

  @Test
  void aSessionInATransactionIsLeftToItsServer() throws Exception {
    server.play(wire -> {
      Scripts.startUp(wire);
      wire.readFrame();
      wire.send(Wire.message('Z', "T"));
      wire.readToEnd();
    });
    try (TestClient client = TestClient.ready(proxy.port())) {
      FakeLease lease = environments.awaitLease();
      client.send("begin");
      client.wire().readFrame();

      lease.tellStopping();

      assertThat(lease.closes()).isZero();
    }
  }

  /** What it is sent looks at every point like the end of an answer. */
  @Test
  void aClientStalledInsideARowGetsAPrefixOfItAndNothingElse() throws Exception {
    byte[] block = new byte[6 * 10_000];
    for (int i = 0; i < block.length; i++) {
      block[i] = Scripts.READY[i % Scripts.READY.length];
    }
    BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    CountDownLatch stop = new CountDownLatch(1);
    server.play(wire -> {
      Scripts.startUp(wire);
      wire.readFrame();
      Thread stalled =
          Thread.startVirtualThread(() -> {
            try {
              while (true) {
                wire.send(block);
                sent.add(block.length);
              }
            } catch (IOException e) {
              // The server was stopped.
            }
          });
      stop.await();
      wire.close();
      stalled.join();
    });
    try (TestClient client = TestClient.connect(proxy.port(), 8 * 1024)) {
      client.start(0, java.util.Map.of());
      client.authenticate();
      client.awaitReady();
      FakeLease lease = environments.awaitLease();
      client.send("select row");
      Standstill.bytesUntil(sent);

      lease.tellStopping();
      assertThat(lease.closes()).isZero();
      stop.countDown();

      long read = 0;
      try {
        for (int next = client.wire().read(); next >= 0; next = client.wire().read()) {
          assertThat((byte) next).isEqualTo(Scripts.READY[(int) (read % Scripts.READY.length)]);
          read++;
        }
      } catch (SocketException e) {
        // Closed without a word, which is as good.
      }
      assertThat(read).isPositive();
    }
  }

  @Test
  void whatPoolsAndGuisSendToKeepAConnectionAliveIsNoActivity() throws Exception {
    server.play(wire -> {
      Scripts.startUp(wire);
      while (true) {
        switch (wire.readFrame().type()) {
          case 'Q', 'S' -> wire.send(Scripts.READY);
          case 'E' -> wire.send(Wire.message('I', ""));
          case 'X' -> {
            return;
          }
          default -> {}
        }
      }
    });
    FakeLease lease;
    try (TestClient client = TestClient.ready(proxy.port())) {
      lease = environments.awaitLease();
      client.send("SELECT 1");
      client.wire().readFrame();
      client.wire().send(Wire.message('S', ""));
      client.wire().readFrame();
      byte[] execution =
          Wire.bytes(out -> {
            out.writeBytes(Wire.message('B', "\0S_1\0\0\0\0\0\0\0"));
            out.writeBytes(Wire.message('E', "\0\0\0\0\0"));
            out.writeBytes(Wire.message('S', ""));
          });
      client.wire().send(execution);
      client.wire().readFrame();
      client.wire().readFrame();
      client.wire().send(Wire.message('X', ""));
      assertThat(client.wire().read()).isNegative();
    }
    lease.awaitClosed();
    assertThat(lease.activity()).isZero();
  }

  @Test
  void anExecutionThatIsNotEmptyIsActivity() throws Exception {
    server.play(wire -> {
      Scripts.startUp(wire);
      while (wire.readFrame().type() != 'S') {}
      wire.send(Wire.message('C', "DELETE 1\0"));
      wire.send(Scripts.READY);
      wire.readToEnd();
    });
    try (TestClient client = TestClient.ready(proxy.port())) {
      FakeLease lease = environments.awaitLease();
      client.wire().send(Wire.message('B', "\0S_1\0\0\0\0\0\0\0"));
      client.wire().send(Wire.message('S', ""));
      client.wire().readFrame();
      client.wire().readFrame();

      assertThat(lease.activity()).isOne();
    }
  }

  @Test
  void noticesComeBeforeTheSessionBegins() throws Exception {
    environments.announce(new Notice("environment \"pr-1\" expires in 3 h", null, "Keep it."));
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      java.util.List<BackendMessage> messages = client.awaitReady();

      assertThat(messages)
          .contains(NoticeResponse.notice("environment \"pr-1\" expires in 3 h", null, "Keep it."));
    }
  }

  private FakeLease park() throws InterruptedException {
    FakeLease lease = environments.awaitLease();
    lease.tellStopping();
    lease.awaitClosed();
    return lease;
  }
}
