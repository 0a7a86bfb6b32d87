package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.backend.AuthenticationMD5Password;
import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.proxy.testing.FakeEnvironments.FakeLease;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Servers that do not get through their startup, or never begin it. */
class ProxyServerFailureTest extends ProxyFixture {
  @Test
  void anErrorDuringStartupKeepsItsSqlState() throws IOException {
    server.play(wire -> {
      wire.readStartupPacket();
      wire.send(new AuthenticationOk()::encode);
      wire.send(ErrorResponse.fatal("3D000", "database \"x\" does not exist", null, null)::encode);
    });
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      assertThat(client.awaitFatal().sqlState()).isEqualTo("3D000");
    }
  }

  @Test
  void anErrorWithoutSqlStateIsPassedOn() throws IOException {
    server.play(wire -> {
      wire.readStartupPacket();
      wire.send(Wire.message('E', "Mno code\0\0"));
    });
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      assertThat(client.awaitFatal().message()).isEqualTo("no code");
    }
  }

  @Test
  void aServerThatClosesDuringStartupIsReported() throws IOException {
    server.play(Wire::readStartupPacket);
    assertServerFailure("closed the connection");
  }

  @Test
  void aServerThatLetsNobodyInForNowIsWaitedFor() throws Exception {
    AtomicInteger refusals = new AtomicInteger();
    server.play(wire -> {
      wire.readStartupPacket();
      if (refusals.incrementAndGet() == 3) {
        server.play(Scripts::echoReady);
      }
      wire.send(inRecovery()::encode);
    });
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      assertThat(client.awaitReady()).noneMatch(ErrorResponse.class::isInstance);
      assertThat(refusals).hasValue(3);
      assertThat(environments.openLeases()).isOne();
    }
  }

  @Test
  void theWaitForAServerThatLetsNobodyInIsBounded() throws Exception {
    server.play(wire -> {
      wire.readStartupPacket();
      wire.send(inRecovery()::encode);
    });
    try (ProxyHarness impatient =
            ProxyHarness.with().createTimeout(Duration.ofMillis(300)).start(environments);
        TestClient client = TestClient.authenticated(impatient.port())) {
      ErrorResponse error = client.awaitFatal();

      assertThat(error.sqlState()).isEqualTo("57P03");
      assertThat(error.message()).contains("does not accept the session yet");
    }
  }

  @Test
  void whoWaitsForAServerThatLetsNobodyInCanCancel() throws Exception {
    server.play(wire -> {
      wire.readStartupPacket();
      wire.send(inRecovery()::encode);
    });
    try (TestClient client = TestClient.authenticated(proxy.port());
        TestClient canceller = TestClient.connect(proxy.port())) {
      BackendKeyData key = (BackendKeyData) client.read();
      environments.awaitLease().awaitClosed();
      canceller.wire().send(new CancelRequest(key.pid(), key.key())::encode);

      assertThat(client.awaitFatal().sqlState()).isEqualTo("57014");
    }
  }

  @Test
  void aServerThatIsStartedAnewIsWaitedFor() throws Exception {
    environments.makeWait();
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      for (int i = 0; i < 4; i++) {
        environments
            .awaitPending()
            .future()
            .complete(environments.lease(Path.of("/nonexistent/socket")));
      }
      environments.awaitPending().future().complete(environments.lease(server.socket()));

      client.awaitReady();
    }
  }

  @Test
  void aServerWhoseSessionsAllEndIsAskedOnceMore() throws Exception {
    server.play(wire -> {
      wire.readStartupPacket();
      server.play(Scripts::echoReady);
    });
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      client.awaitReady();
      assertThat(environments.requests()).hasSize(2);
    }
  }

  @Test
  void theKeyCancelsAfterAServerHasBeenWaitedFor() throws Exception {
    CompletableFuture<CancelRequest> cancelled = new CompletableFuture<>();
    server.play(wire -> {
      wire.readStartupPacket();
      server.play(next -> {
        if (next.readStartupPacket() instanceof CancelRequest request) {
          cancelled.complete(request);
        } else {
          next.send(Scripts::startup);
          next.readToEnd();
        }
      });
      wire.send(inRecovery()::encode);
    });
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      BackendKeyData key =
          client.awaitReady().stream()
              .filter(BackendKeyData.class::isInstance)
              .map(BackendKeyData.class::cast)
              .findFirst()
              .orElseThrow();
      try (TestClient canceller = TestClient.connect(proxy.port())) {
        canceller.wire().send(new CancelRequest(key.pid(), key.key())::encode);
        assertThat(cancelled.get(10, TimeUnit.SECONDS))
            .isEqualTo(new CancelRequest(Scripts.SERVER_KEY.pid(), Scripts.SERVER_KEY.key()));
      }
    }
  }

  private static ErrorResponse inRecovery() {
    return ErrorResponse.fatal("57P03", "the database system is in recovery mode", null, null);
  }

  /** What the postmaster sends is no message of protocol 3. */
  @Test
  void aServerWithoutAProcessForTheSessionIsReported() throws IOException {
    String said = "could not fork new process for connection: Resource temporarily unavailable";
    server.play(wire -> {
      wire.readStartupPacket();
      wire.send(("E" + said + "\n\0").getBytes(StandardCharsets.US_ASCII));
    });
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      ErrorResponse error = client.awaitFatal();

      assertThat(error.sqlState()).isEqualTo("53300");
      assertThat(error.detail()).isEqualTo("Its server says: " + said);
    }
  }

  @Test
  void aServerThatWantsAPasswordIsReported() throws IOException {
    server.play(wire -> {
      wire.readStartupPacket();
      wire.send(new AuthenticationMD5Password(Bytes.utf8("salt"))::encode);
      wire.readToEnd();
    });
    assertServerFailure("authentication");
  }

  @Test
  void aServerThatTalksNonsenseIsReported() throws IOException {
    for (byte[] nonsense :
        List.of(
            Wire.message('Z', "I"),
            Wire.message('D', "row"),
            Wire.message('R', ""),
            new byte[] {'S', -1, -1, -1, -1},
            new byte[] {'S', 0x7f, -1, -1, -1})) {
      server.play(wire -> {
        wire.readStartupPacket();
        wire.send(nonsense);
        wire.readToEnd();
      });
      assertServerFailure("");
    }
  }

  @Test
  void aSocketThatIsNotThereIsReported() throws Exception {
    environments.makeWait();
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      for (int i = 0; i < 5; i++) {
        FakeLease lease = environments.lease(Path.of("/nonexistent/socket"));
        environments.awaitPending().future().complete(lease);
        lease.awaitClosed();
        assertThat(lease.closes()).isEqualTo(1);
      }

      assertThat(client.awaitFatal().sqlState()).isEqualTo("58000");
    }
  }

  private void assertServerFailure(String detail) throws IOException {
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      ErrorResponse error = client.awaitFatal();

      assertThat(error.sqlState()).isEqualTo("58000");
      assertThat(error.detail()).contains(detail);
      assertThat(error.hint()).isNotBlank();
    }
  }
}
