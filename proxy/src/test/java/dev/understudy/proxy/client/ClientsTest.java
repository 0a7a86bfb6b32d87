package dev.understudy.proxy.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.client.ClientDescription.Replication;
import dev.understudy.proxy.client.ClientStatus.State;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientsTest {
  private final AtomicLong nanoTime = new AtomicLong();
  private final Clients clients =
      new Clients(name -> name.substring(0, name.indexOf('-') + 1) + "*", nanoTime::get, 3);

  @Test
  void remembersOfANameWhatPostgresWould() {
    String longest = "a" + "\u00e4".repeat(31);
    begin(longest, "pr-1");
    begin(longest + "b", "pr-1");
    begin("a" + longest, "pr-1");
    begin("aa" + "\u00e4".repeat(10_000), "pr-1");

    assertThat(clients.statistics())
        .extracting(statistics -> statistics.name().database())
        .containsExactlyInAnyOrder(longest, "aa" + "\u00e4".repeat(30));
  }

  @Test
  void followsASessionFromItsBeginningToItsEnd() {
    Client client = begin("shop", "pr-1");
    ClientStatus waiting = only();
    assertThat(waiting.state()).isEqualTo(State.WAITING);
    assertThat(waiting.waiting()).isPositive();
    assertThat(waiting.server()).isNull();

    client.linked(Path.of("/run/s"), 42);
    assertThat(only().state()).isEqualTo(State.ACTIVE);
    assertThat(only().waiting()).isZero();
    assertThat(only().server())
        .isNotNull()
        .satisfies(server -> {
          assertThat(server.pid()).isEqualTo(42);
          assertThat(server.id()).isNotEqualTo(waiting.id());
        });

    client.traffic().quiet(true);
    assertThat(only().state()).isEqualTo(State.IDLE);
    client.traffic().received(10, System.nanoTime());
    client.traffic().sent(100);
    assertThat(only().state()).isEqualTo(State.ACTIVE);
    assertThat(only().totals().received()).isEqualTo(10);
    assertThat(only().totals().sent()).isEqualTo(100);
    assertThat(only().requestedAt()).isAfterOrEqualTo(waiting.requestedAt());

    client.parked();
    assertThat(only().state()).isEqualTo(State.PARKED);
    assertThat(only().server()).isNull();
    assertThat(only().id()).isEqualTo(waiting.id());

    client.ended();
    assertThat(clients.list()).isEmpty();
  }

  @Test
  void countsWhatHasEndedAndWhatHasNot() {
    Client first = begin("shop", "pr-1");
    first.linked(Path.of("/run/s"), 1);
    first.traffic().received(10, 0);
    first.ended();
    first.ended();
    Client second = begin("shop", "pr-1");
    second.traffic().received(5, 0);
    second.traffic().sent(7);
    Client console = begin("understudy", null);
    console.linkedToNone();

    assertThat(clients.statistics())
        .extracting(statistics -> statistics.name().toString())
        .containsExactly("shop@pr-1", "understudy");
    Totals totals = clients.statistics().getFirst().totals();
    assertThat(totals.logins()).isEqualTo(2);
    assertThat(totals.assignments()).isEqualTo(1);
    assertThat(totals.received()).isEqualTo(15);
    assertThat(totals.sent()).isEqualTo(7);
    assertThat(totals.waitMicros()).isNotNegative();
    assertThat(clients.statistics().getLast().totals()).isEqualTo(new Totals(1, 0, 0, 0, 0));
  }

  @Test
  void averagesAreOfTheLastWholePeriodAndTheOneThatRuns() {
    Client client = begin("shop", "pr-1");
    client.traffic().received(1, 0);
    assertThat(recent()).isEqualTo(1);
    pass(60);
    client.traffic().received(10, 0);
    assertThat(recent()).as("of the first, too").isEqualTo(11);
    pass(60);
    client.traffic().received(100, 0);
    assertThat(recent()).isEqualTo(110);
    assertThat(clients.statistics().getFirst().period()).isEqualTo(Duration.ofSeconds(60));
    pass(60);
    pass(60);
    client.ended();
    assertThat(recent()).isZero();
    assertThat(clients.statistics().getFirst().totals().received()).isEqualTo(111);
  }

  @Test
  void forgetsDatabasesThatWereNotUsedForLongest() {
    begin("a", "x").ended();
    Client open = begin("b", "x");
    begin("c", "x").ended();
    begin("a", "x").ended();
    begin("d", "x").ended();

    assertThat(clients.statistics())
        .extracting(statistics -> statistics.name().database())
        .containsExactly("a", "b", "d");
    open.ended();
  }

  @Test
  void groupsNeverForgetAndNeverGoBack() {
    Client open = begin("shop", "pr-1");
    open.traffic().received(1, 0);
    for (int i = 2; i < 10; i++) {
      Client ended = begin("shop", "pr-" + i);
      ended.traffic().received(10, 0);
      ended.traffic().sent(100);
      ended.ended();
      ended.ended();
    }
    begin("shop", "qa-1").traffic().sent(3);
    begin("understudy", null).traffic().sent(1000);

    assertThat(clients.groups()).containsOnlyKeys("pr-*", "qa-*");
    Totals totals = requireNonNull(clients.groups().get("pr-*"));
    assertThat(totals.logins()).isEqualTo(9);
    assertThat(totals.received()).isEqualTo(81);
    assertThat(totals.sent()).isEqualTo(800);
    open.ended();
    assertThat(clients.groups()).containsEntry("pr-*", totals);
  }

  @Test
  void countsWhoIsTurnedAway() {
    clients.refused(ErrorResponse.fatal("28P01", "no", null, null));
    clients.refused(ErrorResponse.fatal("53300", "no", null, null));
    clients.refused(ErrorResponse.fatal("28P01", "no", null, null));

    assertThat(clients.refusals()).isEqualTo(Map.of("28P01", 2L, "53300", 1L));
  }

  @Test
  void endsASessionByItsId() {
    AtomicInteger killed = new AtomicInteger();
    Client client = clients.begin(description("shop", "pr-1"), killed::incrementAndGet);
    long id = only().id();

    assertThat(clients.kill(id + 1)).isFalse();
    assertThat(killed).hasValue(0);
    assertThat(clients.kill(id)).isTrue();
    assertThat(killed).hasValue(1);
    client.ended();
    assertThat(clients.kill(id)).isFalse();
  }

  private void pass(long seconds) {
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    clients.turnPeriod();
  }

  private long recent() {
    return clients.statistics().getFirst().recent().received();
  }

  private ClientStatus only() {
    List<ClientStatus> all = clients.list();
    assertThat(all).hasSize(1);
    return all.getFirst();
  }

  private Client begin(String database, @Nullable String environment) {
    return clients.begin(description(database, environment), () -> {});
  }

  private static ClientDescription description(String database, @Nullable String environment) {
    return new ClientDescription(
        "app",
        "app",
        database,
        environment,
        Replication.NONE,
        "",
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5),
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6432),
        "");
  }
}
