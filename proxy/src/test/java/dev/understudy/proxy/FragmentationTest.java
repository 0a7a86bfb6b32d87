package dev.understudy.proxy;

import static dev.understudy.proxy.testing.TestClient.startupMessage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.backend.AuthenticationOk;
import dev.understudy.protocol.backend.BackendKeyData;
import dev.understudy.protocol.startup.CancelRequest;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.protocol.startup.StartupPacket;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client sends before its session begins, cut in two at every byte. */
class FragmentationTest extends ProxyFixture {
  private static final byte[] STARTUP =
      Wire.bytes(startupMessage(2, Map.of("options", "-c work_mem=7MB"))::encode);

  @Test
  void theStartupMessage() throws Exception {
    for (int first = 1; first < STARTUP.length; first++) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        sendInTwo(client, STARTUP, first);
        client.authenticate();
        client.awaitReady();
      }
    }
  }

  @Test
  void thePasswordAndTheFirstQueryBehindIt() throws Exception {
    byte[] query = Wire.message('Q', "select 1\0");
    // A tag, a length, "md5", a hash in hexadecimal digits, a zero.
    int length = 1 + 4 + 3 + 32 + 1 + query.length;
    for (int first = 1; first < length; first++) {
      try (TestClient client = TestClient.connect(proxy.port())) {
        client.start(0, Map.of());
        byte[] password = client.answer(TestClient.PASSWORD);
        byte[] both = Arrays.copyOf(password, password.length + query.length);
        System.arraycopy(query, 0, both, password.length, query.length);
        assertThat(both).hasSize(length);
        sendInTwo(client, both, first);

        assertThat(client.read()).isInstanceOf(AuthenticationOk.class);
        client.awaitReady();
        assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
      }
    }
  }

  @Test
  void theCancelRequest() throws Exception {
    BlockingQueue<CancelRequest> cancelled = new LinkedBlockingQueue<>();
    server.play(wire -> {
      StartupPacket packet = wire.readStartupPacket();
      if (packet instanceof CancelRequest request) {
        cancelled.add(request);
      } else if (packet instanceof StartupMessage) {
        wire.send(Scripts::startup);
        wire.readToEnd();
      }
    });
    try (TestClient client = TestClient.connect(proxy.port())) {
      client.start(2, Map.of());
      client.authenticate();
      BackendKeyData key = (BackendKeyData) client.read();
      client.awaitReady();
      byte[] request = Wire.bytes(new CancelRequest(key.pid(), key.key())::encode);
      assertThat(request).hasSize(12 + 32);
      for (int first = 1; first < request.length; first++) {
        try (TestClient requester = TestClient.connect(proxy.port())) {
          sendInTwo(requester, request, first);
          assertThat(requester.wire().read()).isNegative();
        }
        assertThat(cancelled.poll(10, TimeUnit.SECONDS))
            .isEqualTo(new CancelRequest(Scripts.SERVER_KEY.pid(), Scripts.SERVER_KEY.key()));
      }
    }
  }

  /** With a pause between, in which the first piece is read. */
  private static void sendInTwo(TestClient client, byte[] bytes, int first)
      throws IOException, InterruptedException {
    client.wire().send(Arrays.copyOf(bytes, first));
    Thread.sleep(1);
    client.wire().send(Arrays.copyOfRange(bytes, first, bytes.length));
  }
}
