package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.backend.AuthenticationMD5Password;
import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.testing.FakeEnvironments.FakeLease;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
      for (int i = 0; i < 2; i++) {
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
