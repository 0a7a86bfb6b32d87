package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.backend.NoticeResponse;
import dev.understudy.proxy.environment.EnvironmentException;
import dev.understudy.proxy.environment.Lease;
import dev.understudy.proxy.testing.FakeEnvironments.FakeLease;
import dev.understudy.proxy.testing.FakeEnvironments.Pending;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** While the environment is being made. */
class ProxyWaitingTest extends ScriptedFixture {
  @BeforeEach
  void makeWait() {
    environments.makeWait();
  }

  @Test
  void opensOnceWithWhatWasAuthenticated() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        TestClient client = TestClient.authenticated(proxy.port())) {
      Pending pending = environments.awaitPending();
      pending.future().complete(environments.lease(server.socket()));
      client.awaitReady();

      assertThat(environments.requests()).hasSize(1);
      assertThat(pending.request().environment()).isEqualTo("pr-1");
      assertThat(pending.request().database()).isEqualTo("shop");
      assertThat(pending.request().login()).isEqualTo("app");
      assertThat(pending.request().role()).isEqualTo("app");
    }
  }

  @Test
  void oneNoticeTellsWhyItTakesLong() throws Exception {
    try (ProxyHarness proxy =
            ProxyHarness.with().noticeAfter(Duration.ofMillis(50)).start(environments);
        TestClient client = TestClient.authenticated(proxy.port())) {
      assertThat(client.read()).isInstanceOf(BackendKeyData.class);
      assertThat(client.read())
          .isInstanceOfSatisfying(
              NoticeResponse.class,
              notice -> assertThat(notice.message()).contains("\"pr-1\" is being made"));
      environments.awaitPending().future().complete(environments.lease(server.socket()));

      assertThat(client.awaitReady()).noneMatch(NoticeResponse.class::isInstance);
    }
  }

  @Test
  void theWaitEndsButNotTheWork() throws Exception {
    try (ProxyHarness proxy =
            ProxyHarness.with().createTimeout(Duration.ofMillis(100)).start(environments);
        TestClient client = TestClient.authenticated(proxy.port())) {
      ErrorResponse error = client.awaitFatal();

      assertThat(error.sqlState()).isEqualTo("57P03");
      assertThat(error.hint()).isNotBlank();
      assertThat(environments.awaitPending().future()).isCancelled();
    }
  }

  @Test
  void aServerThatNeverGetsReadyIsBoundedToo() throws Exception {
    server.play(Wire::readToEnd);
    try (ProxyHarness proxy =
            ProxyHarness.with().createTimeout(Duration.ofMillis(200)).start(environments);
        TestClient client = TestClient.authenticated(proxy.port())) {
      FakeLease lease = environments.lease(server.socket());
      environments.awaitPending().future().complete(lease);

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57P03");
      lease.awaitClosed();
    }
  }

  @Test
  void aClientThatLeavesEndsItsWait() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.start(environments)) {
      TestClient client = TestClient.authenticated(proxy.port());
      Pending pending = environments.awaitPending();
      client.close();

      assertCancelled(pending);
    }
  }

  @Test
  void aClientThatTerminatesEndsItsWait() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        TestClient client = TestClient.authenticated(proxy.port())) {
      Pending pending = environments.awaitPending();
      assertThat(client.read()).isInstanceOf(BackendKeyData.class);
      client.wire().send(Wire.message('X', ""));

      assertCancelled(pending);
      assertThat(client.wire().read()).isNegative();
    }
  }

  @Test
  void aLeaseThatWasAlreadyOnItsWayIsClosed() throws Exception {
    CompletableFuture<Lease> unstoppable =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean mayInterruptIfRunning) {
            return false;
          }
        };
    try (ProxyHarness proxy =
            ProxyHarness.with().createTimeout(Duration.ofMillis(100)).start(_ -> unstoppable);
        TestClient client = TestClient.authenticated(proxy.port())) {
      assertThat(client.awaitFatal().sqlState()).isEqualTo("57P03");
      FakeLease lease = environments.lease(server.socket());
      unstoppable.complete(lease);
      lease.awaitClosed();

      assertThat(lease.closes()).isEqualTo(1);
    }
  }

  @Test
  void aLeaseThatCannotBeUsedIsClosed() throws Exception {
    server.play(Wire::readToEnd);
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        TestClient client = TestClient.authenticated(proxy.port())) {
      // No message can carry a zero in a setting.
      FakeLease lease = environments.lease(server.socket(), Map.of("understudy.source", "a\0b"));
      environments.awaitPending().future().complete(lease);

      assertThat(client.awaitFatal().sqlState()).isEqualTo("58000");
      lease.awaitClosed();
      assertThat(lease.closes()).isEqualTo(1);
    }
  }

  @Test
  void aFailureIsToldInItsOwnWords() throws Exception {
    environments.fail(
        new EnvironmentException(
            "53100", "the pool is nearly full", "12 MB are left", "Drop something.", null));
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        TestClient client = TestClient.authenticated(proxy.port())) {
      assertThat(client.awaitFatal())
          .isEqualTo(
              ErrorResponse.fatal(
                  "53100", "the pool is nearly full", "12 MB are left", "Drop something."));
    }
  }

  @Test
  void anUnforeseenFailureShowsNothingOfItself() throws Exception {
    environments.fail(new IllegalStateException("secret inner workings"));
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        TestClient client = TestClient.authenticated(proxy.port())) {
      ErrorResponse error = client.awaitFatal();

      assertThat(error.sqlState()).isEqualTo("58000");
      assertThat(error.toString()).doesNotContain("secret");
    }
  }

  @Test
  void aClientThatLeavesDuringTheServersStartupIsNoFailureOfTheServer() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    server.play(wire -> {
      wire.readStartupPacket();
      started.countDown();
      wire.readToEnd();
    });
    Logger logger = (Logger) LoggerFactory.getLogger("dev.understudy.proxy");
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    try (ProxyHarness proxy = ProxyHarness.start(environments)) {
      FakeLease lease = environments.lease(server.socket());
      TestClient client = TestClient.authenticated(proxy.port());
      environments.awaitPending().future().complete(lease);
      started.await();
      client.close();
      lease.awaitClosed();
    } finally {
      logger.detachAppender(appender);
    }

    assertThat(appender.list).noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
  }

  @Test
  void aServerThatHasJustEndedIsOpenedOnceMore() throws Exception {
    try (ProxyHarness proxy = ProxyHarness.start(environments);
        TestClient client = TestClient.authenticated(proxy.port())) {
      FakeLease ended = environments.lease(Path.of("/nonexistent/socket"));
      environments.awaitPending().future().complete(ended);
      environments.awaitPending().future().complete(environments.lease(server.socket()));

      client.awaitReady();
      assertThat(ended.closes()).isEqualTo(1);
      assertThat(environments.requests()).hasSize(2);
    }
  }

  private static void assertCancelled(Pending pending) {
    assertThatThrownBy(() -> pending.future().get(10, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
  }
}
