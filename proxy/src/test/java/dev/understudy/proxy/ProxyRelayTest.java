package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.Standstill;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import dev.understudy.proxy.transport.EpollTransport;
import dev.understudy.proxy.transport.NioTransport;
import dev.understudy.proxy.transport.Transport;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After startup, over both transports. */
class ProxyRelayTest extends ScriptedFixture {
  private static final int MEGABYTE = 1024 * 1024;

  /** Far more than sockets and water marks hold, far less than what is sent. */
  private static final long BOUND = 24L * MEGABYTE;

  private static final long PLENTY = 200L * MEGABYTE;

  static Stream<Transport> transports() {
    return Epoll.isAvailable()
        ? Stream.of(new EpollTransport(), new NioTransport())
        : Stream.of(new NioTransport());
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientThatDoesNotReadHoldsTheServerBack(Transport transport) throws Exception {
    BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      sendPlenty(wire, sent);
      wire.send(Scripts.READY);
      wire.readToEnd();
    });
    try (ProxyHarness proxy = ProxyHarness.with().transport(transport).start(environments);
        TestClient client = TestClient.ready(proxy.port())) {
      assertThat(Standstill.bytesUntil(sent)).isBetween(1L, BOUND);

      assertThat(skip(client.wire(), PLENTY)).isEqualTo(PLENTY);
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aServerThatDoesNotReadHoldsTheClientBack(Transport transport) throws Exception {
    BlockingQueue<Boolean> mayRead = new LinkedBlockingQueue<>();
    BlockingQueue<Long> read = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      mayRead.take();
      read.add(skip(wire, PLENTY));
      wire.readToEnd();
    });
    BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    try (ProxyHarness proxy = ProxyHarness.with().transport(transport).start(environments);
        TestClient client = TestClient.ready(proxy.port())) {
      Thread sender =
          Thread.startVirtualThread(() -> {
            try {
              sendPlenty(client.wire(), sent);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      assertThat(Standstill.bytesUntil(sent)).isBetween(1L, BOUND);

      mayRead.add(true);
      assertThat(read.poll(30, TimeUnit.SECONDS)).isEqualTo(PLENTY);
      sender.join();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void everythingArrivesBeforeTheServersEnd(Transport transport) throws Exception {
    long length = 20L * MEGABYTE;
    server.play(wire -> {
      Scripts.startUp(wire);
      byte[] chunk = new byte[MEGABYTE];
      for (int i = 0; i < 20; i++) {
        wire.send(chunk);
      }
    });
    try (ProxyHarness proxy = ProxyHarness.with().transport(transport).start(environments);
        TestClient client = TestClient.ready(proxy.port())) {
      assertThat(skip(client.wire(), length)).isEqualTo(length);
      assertThat(client.wire().read()).isNegative();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientThatEndsItsSideStillGetsItsAnswer(Transport transport) throws Exception {
    server.play(wire -> {
      Scripts.startUp(wire);
      // As PostgreSQL: works through what was sent, then sees the end.
      assertThat(TestClient.text(wire.readFrame())).isEqualTo("last words");
      assertThat(wire.read()).isNegative();
      wire.send(Wire.message('D', "answer"));
    });
    try (ProxyHarness proxy = ProxyHarness.with().transport(transport).start(environments);
        TestClient client = TestClient.ready(proxy.port())) {
      client.send("last words");
      client.wire().shutdownOutput();

      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'D');
      assertThat(client.wire().read()).isNegative();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientThatEndsItsSideMayTakeItsTimeToReadTheAnswer(Transport transport) throws Exception {
    BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      assertThat(TestClient.text(wire.readFrame())).isEqualTo("last words");
      assertThat(wire.read()).isNegative();
      sendPlenty(wire, sent);
    });
    try (ProxyHarness proxy = ProxyHarness.with().transport(transport).start(environments);
        TestClient client = TestClient.ready(proxy.port())) {
      client.send("last words");
      client.wire().shutdownOutput();
      assertThat(Standstill.bytesUntil(sent)).isBetween(1L, BOUND);

      assertThat(skip(client.wire(), PLENTY)).isEqualTo(PLENTY);
      assertThat(client.wire().read()).isNegative();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void everythingArrivesBeforeTheClientsEnd(Transport transport) throws Exception {
    long length = 2L * MEGABYTE;
    BlockingQueue<Boolean> mayRead = new LinkedBlockingQueue<>();
    BlockingQueue<Long> read = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      mayRead.take();
      read.add(skip(wire, length));
      assertThat(wire.read()).isNegative();
      wire.send(Scripts.READY);
    });
    try (ProxyHarness proxy = ProxyHarness.with().transport(transport).start(environments);
        TestClient client = TestClient.ready(proxy.port())) {
      client.wire().send(new byte[(int) length]);
      client.wire().shutdownOutput();
      mayRead.add(true);

      assertThat(read.poll(30, TimeUnit.SECONDS)).isEqualTo(length);
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientThatVanishesEndsTheServersSession(Transport transport) throws Exception {
    BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      wire.readToEnd();
      ended.add(true);
    });
    try (ProxyHarness proxy = ProxyHarness.with().transport(transport).start(environments)) {
      TestClient.ready(proxy.port()).close();

      assertThat(ended.poll(10, TimeUnit.SECONDS)).isTrue();
      environments.awaitLease().awaitClosed();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aClientThatVanishesInTheMiddleOfAResultEndsTheServersSession(Transport transport)
      throws Exception {
    BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      try {
        sendPlenty(wire, sent);
      } catch (IOException e) {
        ended.add(true);
      }
    });
    try (ProxyHarness proxy = ProxyHarness.with().transport(transport).start(environments)) {
      TestClient client = TestClient.ready(proxy.port());
      assertThat(Standstill.bytesUntil(sent)).isLessThan(PLENTY);
      client.close();

      assertThat(ended.poll(10, TimeUnit.SECONDS)).isTrue();
      environments.awaitLease().awaitClosed();
    }
  }

  /** Tells of every piece that is gone. */
  private static void sendPlenty(Wire wire, Queue<Integer> sent) throws IOException {
    byte[] chunk = new byte[64 * 1024];
    for (long total = 0; total < PLENTY; total += chunk.length) {
      wire.send(chunk);
      sent.add(chunk.length);
    }
  }

  /** Reads so many bytes; less at the end of the stream. */
  private static long skip(Wire wire, long length) throws IOException {
    long read = 0;
    while (read < length) {
      int count = wire.readUpTo((int) Math.min(MEGABYTE, length - read));
      if (count == 0) {
        break;
      }
      read += count;
    }
    return read;
  }
}
