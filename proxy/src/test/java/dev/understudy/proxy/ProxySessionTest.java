package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.Bytes;
import dev.understudy.protocol.Frame;
import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.backend.BackendMessage;
import dev.understudy.protocol.backend.NegotiateProtocolVersion;
import dev.understudy.protocol.backend.NoticeResponse;
import dev.understudy.protocol.backend.ParameterStatus;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.testing.FakeEnvironments.FakeLease;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Between AuthenticationOk and the relay: the startup of a server that behaves. */
class ProxySessionTest extends ProxyFixture {
  private final BlockingQueue<StartupMessage> started = new LinkedBlockingQueue<>();

  @Test
  void sendsTheServerRealNamesAndEverythingElseAsItCame() throws Exception {
    server.play(wire -> started.add(Scripts.startUp(wire)));
    Map<String, String> more = new LinkedHashMap<>();
    more.put("application_name", "überprüfung");
    more.put("options", "-c search_path=sales -c understudy.environment=pr-1");
    more.put("extra_float_digits", "3");
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(2, more);
      client.authenticate();
      client.awaitReady();
    }

    StartupMessage message = take(started);
    assertThat(message.minor()).isEqualTo(2);
    assertThat(message.user()).isEqualTo("app");
    assertThat(message.database()).isEqualTo("shop");
    assertThat(message.parameters().keySet())
        .containsExactly(
            "user",
            "database",
            "application_name",
            "options",
            "extra_float_digits",
            "understudy.environment");
    assertThat(message.parameters())
        .containsEntry("application_name", "überprüfung")
        .hasEntrySatisfying(
            "options", options -> assertThat(options.strip()).isEqualTo("-c search_path=sales"))
        .containsEntry("understudy.environment", "pr-1");
  }

  @Test
  void theServerHearsTheVersionThatWasNegotiated() throws Exception {
    server.play(wire -> started.add(Scripts.startUp(wire)));
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(9999, Map.of("_pq_.grease", "1"));
      assertThat(client.read()).isInstanceOf(NegotiateProtocolVersion.class);
      client.authenticate();
      client.awaitReady();
    }

    StartupMessage message = take(started);
    assertThat(message.minor()).isEqualTo(2);
    assertThat(message.parameters()).doesNotContainKey("_pq_.grease");
  }

  @Test
  void keysAreOursAndAsLongAsTheProtocolAllows() throws IOException {
    for (Map.Entry<Integer, Integer> length : Map.of(0, 4, 1, 4, 2, 32).entrySet()) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.start(length.getKey(), Map.of());
        client.authenticate();
        BackendKeyData key = keyIn(client.awaitReady());

        assertThat(key).isNotEqualTo(Scripts.SERVER_KEY);
        assertThat(key.key().length()).isEqualTo(length.getValue());
      }
    }
  }

  @Test
  void passesOnWhatTheServerSaysInPiecesOfOneByte() throws IOException {
    server.play(wire -> {
      wire.readStartupPacket();
      wire.sendByteByByte(Wire.bytes(Scripts::startup));
      wire.sendByteByByte(Wire.message('A', "note"));
      wire.readToEnd();
    });
    try (TestClient client = TestClient.ready(proxy.port())) {
      assertThat(client.wire().readFrame()).isEqualTo(new Frame((byte) 'A', Bytes.utf8("note")));
    }
  }

  @Test
  void passesOnWhatComesInOnePieceWithReadyForQuery() throws IOException {
    server.play(wire -> {
      wire.readStartupPacket();
      wire.send(out -> {
        Scripts.startup(out);
        out.writeBytes(Wire.message('A', "note"));
      });
      wire.readToEnd();
    });
    try (TestClient client = TestClient.ready(proxy.port())) {
      assertThat(client.wire().readFrame()).isEqualTo(new Frame((byte) 'A', Bytes.utf8("note")));
    }
  }

  @Test
  void passesOnNoticesAndHugeParametersByteForByte() throws IOException {
    String huge = "x".repeat(500_000);
    byte[] latin1 = Wire.message('S', "name\0caf\u00e9\0");
    server.play(wire -> {
      wire.readStartupPacket();
      wire.send(out -> {
        new AuthenticationOk().encode(out);
        NoticeResponse.notice("hello", null, null).encode(out);
        new ParameterStatus("huge", huge).encode(out);
        out.writeBytes(latin1);
        out.writeBytes(Scripts.READY);
      });
      wire.readToEnd();
    });
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      assertThat(client.read()).isInstanceOf(BackendKeyData.class);
      assertThat(client.read()).isEqualTo(NoticeResponse.notice("hello", null, null));
      assertThat(client.read()).isEqualTo(new ParameterStatus("huge", huge));
      assertThat(Wire.bytes(client.wire().readFrame()::encode)).isEqualTo(latin1);
    }
  }

  @Test
  void bytesThatAreSentTooEarlyAreNotLost() throws Exception {
    environments.makeWait();
    BlockingQueue<String> queries = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      queries.add(TestClient.text(wire.readFrame()));
      queries.add(TestClient.text(wire.readFrame()));
    });
    String large = "y".repeat(1_000_000);
    try (TestClient client = TestClient.authenticated(proxy.port())) {
      client.send("early");
      Thread sender =
          Thread.startVirtualThread(() -> {
            try {
              client.send(large);
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          });
      environments.awaitPending().future().complete(environments.lease(server.socket()));

      assertThat(take(queries)).isEqualTo("early");
      assertThat(take(queries)).isEqualTo(large);
      sender.join();
    }
  }

  @Test
  void theServersNegotiationEndsHere() throws IOException {
    server.play(wire -> {
      wire.readStartupPacket();
      wire.send(new NegotiateProtocolVersion(0, List.of())::encode);
      wire.send(Scripts::startup);
      wire.readToEnd();
    });
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(2, Map.of());
      client.authenticate();

      assertThat(client.awaitReady())
          .noneMatch(NegotiateProtocolVersion.class::isInstance)
          .noneMatch(AuthenticationOk.class::isInstance);
    }
  }

  @Test
  void theLeaseIsClosedOnceWhenTheClientLeaves() throws Exception {
    FakeLease lease;
    try (TestClient client = TestClient.ready(proxy.port())) {
      lease = environments.awaitLease();
      client.send("select 2");
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
      assertThat(lease.activity()).isEqualTo(1);
      assertThat(lease.closes()).isZero();
    }
    lease.awaitClosed();

    assertThat(lease.closes()).isEqualTo(1);
  }

  @Test
  void aLoginIsNoActivity() throws Exception {
    try (TestClient client = TestClient.ready(proxy.port())) {
      assertThat(environments.awaitLease().activity()).isZero();
      assertThat(client.wire()).isNotNull();
    }
  }

  private static BackendKeyData keyIn(List<BackendMessage> messages) {
    return messages.stream()
        .filter(BackendKeyData.class::isInstance)
        .map(BackendKeyData.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing arrived");
    }
    return next;
  }
}
