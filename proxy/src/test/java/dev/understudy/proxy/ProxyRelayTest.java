package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.TlsEngine;
import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.testing.FakeEnvironments;
import dev.understudy.proxy.testing.Scripts;
import dev.understudy.proxy.testing.Standstill;
import dev.understudy.proxy.testing.TestAuthority;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import dev.understudy.proxy.transport.EpollTransport;
import dev.understudy.proxy.transport.NioTransport;
import dev.understudy.proxy.transport.Transport;
import io.netty.channel.epoll.Epoll;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After startup, over both transports, and inside TLS. */
class ProxyRelayTest extends ScriptedFixture {
  private static final int MEGABYTE = 1024 * 1024;

  /** Far more than sockets and water marks hold, far less than what is sent. */
  private static final long BOUND = 24L * MEGABYTE;

  private static final long PLENTY = 200L * MEGABYTE;

  /** Enough: the tests' virtual machine, which is made for brief work, encrypts 5 MB a second. */
  private static final long PLENTY_INSIDE_TLS = 32L * MEGABYTE;

  @TempDir private static Path directory;
  private static TestAuthority authority;

  @BeforeAll
  static void issueACertificate() {
    authority = new TestAuthority(directory);
    authority.issue(Algorithm.ecp256);
  }

  static Stream<Transport> transports() {
    return Epoll.isAvailable()
        ? Stream.of(new EpollTransport(), new NioTransport())
        : Stream.of(new NioTransport());
  }

  static Stream<Link> links() {
    return Stream.concat(
        transports().map(transport -> new Link(transport, null)),
        transports()
            .limit(1)
            .flatMap(transport ->
                Stream.of(TlsEngine.JDK, TlsEngine.BORINGSSL)
                    .map(engine -> new Link(transport, engine))));
  }

  /**
   * How client and proxy are connected.
   *
   * @param engine null: without TLS
   */
  record Link(Transport transport, @Nullable TlsEngine engine) {
    long plenty() {
      return engine != null ? PLENTY_INSIDE_TLS : PLENTY;
    }

    ProxyHarness start(FakeEnvironments environments) throws IOException {
      return ProxyHarness.with()
          .transport(transport)
          .tls(authority.tls(false, engine == null ? TlsEngine.AUTO : engine))
          .start(environments);
    }

    TestClient ready(ProxyHarness proxy) throws IOException {
      return engine != null
          ? TestClient.encrypted(proxy.port(), authority.clients()).ready()
          : TestClient.ready(proxy.port());
    }
  }

  @ParameterizedTest
  @MethodSource("links")
  void aClientThatDoesNotReadHoldsTheServerBack(Link link) throws Exception {
    BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      send(wire, link.plenty(), sent);
      wire.send(Scripts.READY);
      wire.readToEnd();
    });
    try (ProxyHarness proxy = link.start(environments);
        TestClient client = link.ready(proxy)) {
      assertThat(Standstill.bytesUntil(sent)).isBetween(1L, BOUND);

      assertThat(skip(client.wire(), link.plenty())).isEqualTo(link.plenty());
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @ParameterizedTest
  @MethodSource("links")
  void aServerThatDoesNotReadHoldsTheClientBack(Link link) throws Exception {
    BlockingQueue<Boolean> mayRead = new LinkedBlockingQueue<>();
    BlockingQueue<Long> read = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      mayRead.take();
      read.add(skip(wire, link.plenty()));
      wire.readToEnd();
    });
    BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    try (ProxyHarness proxy = link.start(environments);
        TestClient client = link.ready(proxy)) {
      Thread sender =
          Thread.startVirtualThread(() -> {
            try {
              send(client.wire(), link.plenty(), sent);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      assertThat(Standstill.bytesUntil(sent)).isBetween(1L, BOUND);

      mayRead.add(true);
      assertThat(read.poll(30, TimeUnit.SECONDS)).isEqualTo(link.plenty());
      sender.join();
    }
  }

  @ParameterizedTest
  @MethodSource("links")
  void everythingArrivesBeforeTheServersEnd(Link link) throws Exception {
    long length = 20L * MEGABYTE;
    server.play(wire -> {
      Scripts.startUp(wire);
      byte[] chunk = new byte[MEGABYTE];
      for (int i = 0; i < 20; i++) {
        wire.send(chunk);
      }
    });
    try (ProxyHarness proxy = link.start(environments);
        TestClient client = link.ready(proxy)) {
      assertThat(skip(client.wire(), length)).isEqualTo(length);
      assertThat(client.wire().read()).isNegative();
    }
  }

  @ParameterizedTest
  @MethodSource("links")
  void aServersLastWordsArriveThoughItHasGoneBeforeItIsAsked(Link link) throws Exception {
    ErrorResponse lastWords = ErrorResponse.fatal("57P01", "terminating connection", null, null);
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Void> gone = new CompletableFuture<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      asked.get();
      wire.send(lastWords::encode);
      wire.close();
      gone.complete(null);
    });
    try (ProxyHarness proxy = link.start(environments);
        TestClient client = link.ready(proxy)) {
      environments
          .awaitLease()
          .whenActive(() -> {
            asked.complete(null);
            gone.orTimeout(10, TimeUnit.SECONDS).join();
          });
      client.send("vacuum");

      assertThat(client.awaitFatal()).isEqualTo(lastWords);
    }
  }

  /** The proxy has more for the server than that takes, and the client takes nothing either. */
  @ParameterizedTest
  @MethodSource("links")
  void aServersLastWordsArriveThoughNobodyTakesAnything(Link link) throws Exception {
    ErrorResponse lastWords = ErrorResponse.fatal("57P01", "terminating connection", null, null);
    CompletableFuture<LongSupplier> relayed = new CompletableFuture<>();
    CompletableFuture<Long> rows = new CompletableFuture<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      rows.complete(sendUntilHeldBack(wire, relayed.get()));
      wire.send(lastWords::encode);
    });
    List<String> log =
        Logged.during(() -> {
          try (ProxyHarness proxy = link.start(environments);
              TestClient client = link.ready(proxy)) {
            BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
            AtomicBoolean enough = new AtomicBoolean();
            var _ = Thread.startVirtualThread(() -> sendUntil(enough, client.wire(), sent));
            assertThat(Standstill.bytesUntil(sent)).isBetween(1L, BOUND);
            relayed.complete(() -> proxy.clients().list().getFirst().totals().sent());

            environments.awaitLease().awaitClosed();
            // Whoever closes with something unread takes back what the other has not read yet.
            enough.set(true);
            assertThat(skip(client.wire(), rows.get())).isEqualTo(rows.get());
            assertThat(client.awaitFatal()).isEqualTo(lastWords);
          }
        });
    assertThat(log).filteredOn(line -> line.contains("lost the server")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("links")
  void aClientThatEndsItsSideStillGetsItsAnswer(Link link) throws Exception {
    server.play(wire -> {
      Scripts.startUp(wire);
      // As PostgreSQL: works through what was sent, then sees the end.
      assertThat(TestClient.text(wire.readFrame())).isEqualTo("last words");
      assertThat(wire.read()).isNegative();
      wire.send(Wire.message('D', "answer"));
    });
    try (ProxyHarness proxy = link.start(environments);
        TestClient client = link.ready(proxy)) {
      client.send("last words");
      client.wire().shutdownOutput();

      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'D');
      assertThat(client.wire().read()).isNegative();
    }
  }

  @ParameterizedTest
  @MethodSource("links")
  void aClientThatEndsItsSideMayTakeItsTimeToReadTheAnswer(Link link) throws Exception {
    BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      assertThat(TestClient.text(wire.readFrame())).isEqualTo("last words");
      assertThat(wire.read()).isNegative();
      send(wire, link.plenty(), sent);
    });
    try (ProxyHarness proxy = link.start(environments);
        TestClient client = link.ready(proxy)) {
      client.send("last words");
      client.wire().shutdownOutput();
      assertThat(Standstill.bytesUntil(sent)).isBetween(1L, BOUND);

      assertThat(skip(client.wire(), link.plenty())).isEqualTo(link.plenty());
      assertThat(client.wire().read()).isNegative();
    }
  }

  @ParameterizedTest
  @MethodSource("links")
  void everythingArrivesBeforeTheClientsEnd(Link link) throws Exception {
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
    try (ProxyHarness proxy = link.start(environments);
        TestClient client = link.ready(proxy)) {
      client.wire().send(new byte[(int) length]);
      client.wire().shutdownOutput();
      mayRead.add(true);

      assertThat(read.poll(30, TimeUnit.SECONDS)).isEqualTo(length);
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @ParameterizedTest
  @MethodSource("links")
  void aClientThatVanishesEndsTheServersSession(Link link) throws Exception {
    BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      wire.readToEnd();
      ended.add(true);
    });
    try (ProxyHarness proxy = link.start(environments)) {
      link.ready(proxy).close();

      assertThat(ended.poll(10, TimeUnit.SECONDS)).isTrue();
      environments.awaitLease().awaitClosed();
    }
  }

  @ParameterizedTest
  @MethodSource("links")
  void aClientThatVanishesInTheMiddleOfAResultEndsTheServersSession(Link link) throws Exception {
    BlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();
    server.play(wire -> {
      Scripts.startUp(wire);
      try {
        send(wire, link.plenty(), sent);
      } catch (IOException e) {
        ended.add(true);
      }
    });
    try (ProxyHarness proxy = link.start(environments)) {
      TestClient client = link.ready(proxy);
      assertThat(Standstill.bytesUntil(sent)).isLessThan(link.plenty());
      client.close();

      assertThat(ended.poll(10, TimeUnit.SECONDS)).isTrue();
      environments.awaitLease().awaitClosed();
    }
  }

  /** Tells of every piece that is gone. */
  private static void send(Wire wire, long length, Queue<Integer> sent) throws IOException {
    byte[] chunk = new byte[64 * 1024];
    for (long total = 0; total < length; total += chunk.length) {
      wire.send(chunk);
      sent.add(chunk.length);
    }
  }

  /** Or until the connection is lost. Tells of every piece that is gone. */
  private static void sendUntil(AtomicBoolean enough, Wire wire, Queue<Integer> sent) {
    byte[] piece = new byte[64 * 1024];
    try {
      while (!enough.get()) {
        wire.send(piece);
        sent.add(piece.length);
      }
    } catch (IOException e) {
      // That is its end.
    }
  }

  /**
   * Until the proxy takes no more, and a piece more: what is left in the socket is more than is
   * read at once, and there is room for more.
   *
   * @param relayed how many bytes the proxy has taken
   * @return how many were sent
   */
  private static long sendUntilHeldBack(Wire wire, LongSupplier relayed) throws IOException {
    long before = relayed.getAsLong();
    byte[] piece = new byte[64 * 1024];
    long total = 0;
    do {
      wire.send(piece);
      total += piece.length;
    } while (Standstill.reaches(relayed, before + total));
    wire.send(piece);
    return total + piece.length;
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
