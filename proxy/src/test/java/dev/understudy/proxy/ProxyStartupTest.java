package dev.understudy.proxy;

import static dev.understudy.proxy.testing.TestClient.startupMessage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.backend.AuthenticationMD5Password;
import dev.understudy.protocol.backend.AuthenticationSASL;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.protocol.backend.NegotiateProtocolVersion;
import dev.understudy.protocol.startup.GSSENCRequest;
import dev.understudy.protocol.startup.SSLRequest;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Before authentication: whatever comes, nothing is opened. */
class ProxyStartupTest {
  private final FakeEnvironments environments = FakeEnvironments.at(Path.of("/nonexistent"));
  private ProxyHarness proxy;

  @BeforeEach
  void start() throws IOException {
    proxy = ProxyHarness.with().protocolMinor(2).start(environments);
  }

  @AfterEach
  void nothingWasOpened() {
    proxy.close();
    assertThat(environments.requests()).isEmpty();
  }

  @Test
  void declinesEncryptionOfBothKinds() throws IOException {
    for (boolean tlsFirst : List.of(true, false)) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(tlsFirst ? new SSLRequest()::encode : new GSSENCRequest()::encode);
        assertThat(client.wire().read()).isEqualTo('N');
        client.wire().send(tlsFirst ? new GSSENCRequest()::encode : new SSLRequest()::encode);
        assertThat(client.wire().read()).isEqualTo('N');
        client.start(0, Map.of());

        assertThat(client.read()).isInstanceOf(AuthenticationMD5Password.class);
      }
    }
  }

  @Test
  void refusesWhoDoesNotWaitForTheAnswer() throws IOException {
    for (boolean tls : List.of(true, false)) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client
            .wire()
            .send(out -> {
              if (tls) {
                new SSLRequest().encode(out);
              } else {
                new GSSENCRequest().encode(out);
              }
              startupMessage(0, Map.of()).encode(out);
            });

        assertThat(client.wire().read()).isEqualTo('N');
        assertThat(client.awaitFatal())
            .isEqualTo(
                ErrorResponse.fatal(
                    "08P01",
                    "received unencrypted data after "
                        + (tls ? "SSL" : "GSSAPI encryption")
                        + " request",
                    "This could be either a client-software bug or evidence of an attempted"
                        + " man-in-the-middle attack.",
                    null));
      }
    }
  }

  @Test
  void refusesASecondRequestForTheSameEncryption() throws IOException {
    for (StartupPacket request : List.of(new SSLRequest(), new GSSENCRequest())) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(request::encode);
        assertThat(client.wire().read()).isEqualTo('N');
        client.wire().send(request::encode);

        assertThat(client.awaitFatal().sqlState()).isEqualTo("08P01");
      }
    }
  }

  @Test
  void takesPacketsByteByByte() throws IOException {
    isServedByteByByte();
  }

  private void isServedByteByByte() throws IOException {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.wire().sendByteByByte(Wire.bytes(startupMessage(0, Map.of())::encode));

      assertThat(client.read()).isInstanceOf(AuthenticationMD5Password.class);
    }
  }

  @Test
  void negotiatesTheVersionOnceBeforeItAuthenticates() throws IOException {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(9999, Map.of("_pq_.grease", "1"));

      assertThat(client.read()).isEqualTo(new NegotiateProtocolVersion(2, List.of("_pq_.grease")));
      assertThat(client.read()).isInstanceOf(AuthenticationMD5Password.class);
    }
  }

  @Test
  void offersNoVersionThatTheServerDoesNotSpeak() throws IOException {
    try (ProxyHarness old = ProxyHarness.with().protocolMinor(0).start(environments);
        TestClient client = TestClient.connect(old.port())) {
      client.start(2, Map.of());

      assertThat(client.read()).isEqualTo(new NegotiateProtocolVersion(0, List.of()));
      assertThat(client.read()).isInstanceOf(AuthenticationMD5Password.class);
    }
  }

  @Test
  void wrongPasswordUnknownLoginAndUnknownNameLookAlike() throws IOException {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of());
      client.authenticate("wrong");

      assertThat(client.awaitFatal().sqlState()).isEqualTo("28P01");
    }
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of("user", "nobody"));

      assertThat(client.read()).isInstanceOf(AuthenticationSASL.class);
    }
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of("database", "shop@nothing-like-it"));
      client.authenticate("wrong");

      assertThat(client.awaitFatal().sqlState()).isEqualTo("28P01");
    }
  }

  @Test
  void aRouteThatLeadsNowhereIsToldAfterAuthentication() throws IOException {
    for (String database : List.of("shop@nothing-like-it", "shop")) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.start(0, Map.of("database", database));
        client.authenticate();
        ErrorResponse error = client.awaitFatal();

        assertThat(error.sqlState()).isEqualTo("3D000");
        assertThat(error.hint()).isNotBlank();
      }
    }
  }

  @Test
  void refusesPacketsOfImpossibleLength() throws IOException {
    for (int length : List.of(-1, 0, 7, 10_005, Integer.MAX_VALUE)) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(ByteBuffer.allocate(4).putInt(length).array());

        assertThat(client.awaitFatal().sqlState()).isEqualTo("08P01");
      }
    }
  }

  @Test
  void refusesAnOversizedPassword() throws IOException {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of());
      client.read();
      client.wire().send(ByteBuffer.allocate(5).put((byte) 'p').putInt(70_000).array());

      assertThat(client.awaitFatal().sqlState()).isEqualTo("08P01");
    }
  }

  @Test
  void refusesAQueryInPlaceOfAPassword() throws IOException {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(0, Map.of());
      client.read();
      client.send("select 1");

      assertThat(client.awaitFatal().sqlState()).isEqualTo("08P01");
    }
  }

  @Test
  void survivesGarbage() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      byte[] garbage = new byte[1 + random.nextInt(200)];
      random.nextBytes(garbage);
      // A length word that is possible gets the rest read.
      if (i % 2 == 0 && garbage.length >= 4) {
        ByteBuffer.wrap(garbage).putInt(garbage.length);
      }
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(garbage);
        client.wire().shutdownOutput();
        client.wire().readToEnd();
      }
    }
    isServedByteByByte();
  }

  @Test
  void closesWhenTheClientStopsInTheMiddle() throws IOException {
    byte[] packet = Wire.bytes(startupMessage(0, Map.of())::encode);
    for (int length = 0; length < packet.length; length += 7) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.wire().send(java.util.Arrays.copyOf(packet, length));
        client.wire().shutdownOutput();

        assertThat(client.wire().read()).isNegative();
      }
    }
  }

  @Test
  void refusesAnotherMajorVersion() throws IOException {
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.wire().send(new StartupMessage(2, 0, Map.of("user", "app"))::encode);

      assertThat(client.awaitFatal().sqlState()).isEqualTo("0A000");
    }
  }

  @Test
  void oneDeadlineEndsWhoIsSlow() throws IOException {
    try (ProxyHarness hasty =
        ProxyHarness.with().startupTimeout(Duration.ofMillis(200)).start(environments)) {
      try (TestClient silent = TestClient.connect(hasty.port())) {
        assertThat(silent.wire().read()).isNegative();
      }
      try (TestClient client = TestClient.connect(hasty.port())) {
        client.start(0, Map.of());
        client.read();

        assertThat(client.awaitFatal().sqlState()).isEqualTo("57014");
      }
    }
  }

  @Test
  void theDeadlineIsNotMovedByEveryByte() throws Exception {
    try (ProxyHarness hasty =
            ProxyHarness.with().startupTimeout(Duration.ofMillis(300)).start(environments);
        TestClient client = TestClient.connect(hasty.port())) {
      long start = System.nanoTime();
      CountDownLatch ended = new CountDownLatch(1);
      Thread dripping =
          Thread.startVirtualThread(() -> {
            try {
              do {
                client.wire().send(new byte[] {0});
              } while (!ended.await(100, TimeUnit.MILLISECONDS));
            } catch (IOException | InterruptedException e) {
              // The connection is gone, which is what the test waits for.
            }
          });
      client.wire().readToEnd();
      ended.countDown();
      dripping.join();

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }
}
