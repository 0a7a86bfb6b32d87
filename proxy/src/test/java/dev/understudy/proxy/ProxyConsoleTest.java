package dev.understudy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.Frame;
import dev.understudy.proxy.console.Column;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.proxy.console.ConsoleStatement;
import dev.understudy.proxy.testing.Standstill;
import dev.understudy.proxy.testing.TestClient;
import dev.understudy.proxy.testing.Wire;
import dev.understudy.proxy.transport.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients of the console that ask, and do not take the answers. */
class ProxyConsoleTest extends ScriptedFixture {
  /** Far more than sockets and water marks hold, far less than what is asked for. */
  private static final int BOUND = 12 * 1024 * 1024;

  private static final int TIMES = 8_000;

  private static final List<Column> COLUMNS = List.of(Column.text("x".repeat(3_000)));

  private final AtomicInteger executed = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private CompletableFuture<ConsoleResult> result =
      CompletableFuture.completedFuture(ConsoleResult.of("SHOW", List.of()));

  private final class Help implements ConsoleStatement {
    @Override
    public List<Column> columns() {
      return COLUMNS;
    }

    @Override
    public CompletableFuture<ConsoleResult> execute() {
      executed.incrementAndGet();
      begun.countDown();
      return result;
    }
  }

  @ParameterizedTest
  @MethodSource("dev.understudy.proxy.ProxyRelayTest#transports")
  void whoAsksOnAndOnIsHeardNoFurtherThanItListens(Transport transport) throws Exception {
    try (ProxyHarness proxy = start(transport);
        TestClient client = console(proxy)) {
      client.wire().send(Wire.message('P', "\0SHOW HELP\0\0\0"));
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) '1');
      byte[] describe = Wire.message('D', "S\0");
      long each = lengthOfAnswer(client, describe);

      client.wire().send(repeat(describe));
      assertHeldBack(proxy, TIMES * each);
      assertThat(skip(client.wire(), TIMES * each)).isEqualTo(TIMES * each);
      client.wire().send(Wire.message('S', ""));
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @ParameterizedTest
  @MethodSource("dev.understudy.proxy.ProxyRelayTest#transports")
  void aTextOfManyStatementsIsRunNoFurtherThanTheClientListens(Transport transport)
      throws Exception {
    try (ProxyHarness proxy = start(transport);
        TestClient client = console(proxy)) {
      long each = lengthOfAnswer(client, Wire.message('Q', "SHOW HELP\0"));

      client.send("SHOW HELP;".repeat(TIMES));
      assertHeldBack(proxy, TIMES * each);
      assertThat(executed.get()).isLessThan(TIMES);
      assertThat(skip(client.wire(), TIMES * each)).isEqualTo(TIMES * each);
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
  }

  @ParameterizedTest
  @MethodSource("dev.understudy.proxy.ProxyRelayTest#transports")
  void whoDoesNotListenIsKilledAllTheSame(Transport transport) throws Exception {
    try (ProxyHarness proxy = start(transport);
        TestClient client = console(proxy)) {
      client.send("SHOW HELP;".repeat(TIMES));
      assertHeldBack(proxy, Long.MAX_VALUE);
      assertThat(proxy.clients().kill(proxy.clients().list().getFirst().id())).isTrue();

      assertThat(new String(client.wire().readAll(), StandardCharsets.ISO_8859_1))
          .contains("FATAL\0C57P01\0");
      assertThat(executed.get()).isLessThan(TIMES);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.understudy.proxy.ProxyRelayTest#transports")
  void whoWaitsForACommandIsKilledAndTheCommandGoesOn(Transport transport) throws Exception {
    result = new CompletableFuture<>();
    try (ProxyHarness proxy = start(transport);
        TestClient client = console(proxy)) {
      client.send("SNAPSHOT SOURCE prod; SHOW HELP");
      begun.await();
      assertThat(proxy.clients().kill(proxy.clients().list().getFirst().id())).isTrue();

      assertThat(new String(client.wire().readAll(), StandardCharsets.ISO_8859_1))
          .contains("C57014\0")
          .contains("FATAL\0C57P01\0");
      assertThat(executed).hasValue(1);
      assertThat(result).isNotDone();
    }
  }

  private ProxyHarness start(Transport transport) throws IOException {
    return ProxyHarness.with()
        .transport(transport)
        .console((_, _) -> new Help())
        .start(environments);
  }

  private static TestClient console(ProxyHarness proxy) throws IOException {
    TestClient client = TestClient.connect(proxy.port());
    client.start(0, Map.of("database", "understudy"));
    client.authenticate();
    client.awaitReady();
    return client;
  }

  /** Without the ReadyForQuery behind it. */
  private static long lengthOfAnswer(TestClient client, byte[] question) throws IOException {
    client.wire().send(question);
    client.wire().send(Wire.message('S', ""));
    long length = 0;
    for (Frame frame = client.wire().readFrame(); frame.type() != 'Z'; ) {
      length += 5 + frame.body().length();
      frame = client.wire().readFrame();
    }
    if (question[0] == 'Q') {
      assertThat(client.wire().readFrame().type()).isEqualTo((byte) 'Z');
    }
    return length;
  }

  private static byte[] repeat(byte[] message) {
    return new String(message, StandardCharsets.ISO_8859_1)
        .repeat(TIMES)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The proxy answers a part of what it was asked, and holds little of that. */
  private static void assertHeldBack(ProxyHarness proxy, long whole) {
    assertThat(whole).isGreaterThan(BOUND);
    assertThat(Standstill.reaches(() -> proxy.clients().list().getFirst().totals().sent(), BOUND))
        .isFalse();
    assertThat(proxy.server().bufferMemory().directInUse()).isLessThan(BOUND / 2);
  }

  private static long skip(Wire wire, long length) throws IOException {
    long read = 0;
    int count = 1;
    while (read < length && count > 0) {
      count = wire.readUpTo((int) Math.min(1024 * 1024, length - read));
      read += count;
    }
    return read;
  }
}
