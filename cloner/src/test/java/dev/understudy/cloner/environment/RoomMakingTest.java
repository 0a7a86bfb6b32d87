package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.cloner.idle.ServerWork;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What goes where the pool is nearly full, and what never does. */
final class RoomMakingTest extends BenchFixture {
  private static final long MIB = 1L << 20;
  private static final Duration LONG_UNUSED = Evicting.UNUSED.plusSeconds(1);

  @BeforeEach
  void prepare() throws Exception {
    bench.pool.perTree = 100 * MIB;
  }

  @Test
  void theTrashGoesFirst() throws Exception {
    bench.undropWindow = Duration.ofHours(1);
    bench.restart();
    bench.open("pr-1").close();
    bench.open("pr-2").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.alarms.advance(LONG_UNUSED);
    settleRoom();
    bench.pool.freeBytes = 200 * MIB;

    assertThat(bench.open("pr-3").creation()).isPresent();
    assertThat(bench.environments.trash()).isEmpty();
    assertThat(names()).containsExactly("pr-2", "pr-3");
  }

  @Test
  void thenSparesGoAndThenTheEnvironmentsIdleForLongest() throws Exception {
    bench.reload = Bench.REFUSED; // so that no spare is of use to who is durable
    bench.wantedSpares = Map.of("prod", 1);
    bench.restart();
    for (String name : List.of("pr-1", "pr-2", "pr-3")) {
      bench.open(name).close();
      bench.alarms.advance(Duration.ofSeconds(5));
    }
    until(() -> bench.spares.clones().size() == 1);
    bench.alarms.advance(LONG_UNUSED);
    settleRoom();
    until(() -> bench.spares.clones().size() == 1);
    bench.pool.freeBytes = 0; // one spare and two environments are too few, three of all are enough

    assertThat(bench.open("staging").creation()).isPresent();
    assertThat(bench.spares.clones()).isEmpty();
    assertThat(names()).containsExactly("pr-3", "staging");
    bench.settle();
    assertThat(bench.environments.trash()).isEmpty();
  }

  @Test
  void nothingGoesThatIsUsedOrGuardedOrKeptOrDurable() throws Exception {
    bench.open("pr-used");
    bench.open("pr-guarded").close();
    Bench.await(bench.environments.guard("pr-guarded", true));
    bench.open("pr-kept").close();
    Bench.await(
        bench.environments.keepUntil("pr-kept", bench.clock.instant().plus(Duration.ofDays(1))));
    bench.open("staging").close();
    bench.alarms.advance(LONG_UNUSED);
    bench.open("pr-young").close();
    bench.pool.freeBytes = 0;

    assertRefused();
    assertThat(names()).containsExactly("pr-guarded", "pr-kept", "pr-used", "pr-young", "staging");
  }

  @Test
  void oneWhoseServerWorksStays() throws Exception {
    bench.open("pr-1").close();
    bench.alarms.advance(LONG_UNUSED);
    bench.pool.freeBytes = 0;
    bench.work = new ServerWork(true, null);

    assertRefused();
    assertThat(names()).containsExactly("pr-1");
  }

  @Test
  void whereAnEndFreesNothingNoOtherFollows() throws Exception {
    for (String name : List.of("pr-1", "pr-2", "pr-3")) {
      bench.open(name).close();
      bench.alarms.advance(Duration.ofSeconds(5));
    }
    bench.alarms.advance(LONG_UNUSED);
    bench.pool.perTree = 0;
    bench.pool.freeBytes = 0;

    assertRefused();
    assertThat(names()).containsExactly("pr-2", "pr-3");
  }

  @Test
  void nobodyCountsAsUnusedBecauseTheClockWasSetForward() throws Exception {
    bench.restart();
    bench.open("pr-1").close();
    bench.alarms.jump(LONG_UNUSED);
    settleRoom();
    bench.pool.freeBytes = 0;

    assertRefused();
    assertThat(names()).containsExactly("pr-1");

    until(() -> names().isEmpty());
  }

  @Test
  void roomIsMadeInTimeAlsoIfNobodyComes() throws Exception {
    bench.restart();
    bench.open("pr-1").close();
    bench.open("staging").close();
    bench.advance(LONG_UNUSED);
    bench.pool.freeBytes = 200 * MIB;
    until(() -> names().equals(List.of("staging")));

    bench.settle();
    assertThat(bench.files("clones")).hasSize(1);
  }

  @Test
  void roomIsMadeInTimeAlsoIfTheClockWasSetBack() throws Exception {
    bench.undropWindow = Duration.ofHours(1);
    bench.restart();
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.alarms.jump(Duration.ofDays(-30));
    bench.pool.freeBytes = 0;

    until(() -> bench.environments.trash().isEmpty());
  }

  @Test
  void aRefreshMakesRoomToo() throws Exception {
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("staging"), "prod", "shop", null)
                .with(RefreshPolicy.AFTER_SNAPSHOT),
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", Bench.DROP_AFTER));
    bench.restart();
    bench.open("staging").close();
    bench.open("pr-1").close();
    bench.alarms.advance(LONG_UNUSED);
    settleRoom();
    bench.pool.freeBytes = 200 * MIB;
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s2"));
    bench.service.snapshotPublished("prod");
    bench.settle();

    assertThat(bench.environments.target("staging").orElseThrow().origin().snapshot())
        .isEqualTo("s2");
    assertThat(names()).containsExactly("staging");
  }

  @Test
  void aSnapshotGetsRoomOnceClientsCanConnect() throws Exception {
    bench.open("pr-1").close();
    bench.open("pr-2").close();
    bench.alarms.advance(LONG_UNUSED);
    assertThat(bench.service.makeRoom(0)).isFalse();

    bench.restart();
    bench.alarms.advance(LONG_UNUSED);
    settleRoom();
    bench.pool.freeBytes = 300 * MIB;
    assertThat(bench.service.makeRoom(0)).isTrue();
    assertThat(names()).hasSize(2);
    assertThat(bench.service.makeRoom(100 * MIB)).isTrue();
    assertThat(names()).hasSize(1);
    assertThat(bench.service.makeRoom(1000 * MIB)).isFalse();
  }

  @Test
  void thereIsOneWarningBeforeAnythingGoes() throws Exception {
    bench.restart();
    bench.open("pr-1").close();
    Logger logger = (Logger) LoggerFactory.getLogger(RoomWatch.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      bench.pool.freeBytes = 400 * MIB;
      look();
      look();
      assertThat(log.list).hasSize(1);
      assertThat(log.list.getFirst().getFormattedMessage()).contains("400 MiB are free");
      bench.pool.freeBytes = 600 * MIB;
      look();
      bench.pool.freeBytes = 400 * MIB;
      look();
      assertThat(log.list).hasSize(2);
    } finally {
      logger.detachAppender(log);
    }
    assertThat(names()).containsExactly("pr-1");
  }

  /** The watch, like the sweep, sets its next alarm when it is done. */
  private void look() throws Exception {
    int alarms = bench.alarms.count();
    bench.alarms.advance(RoomWatch.PERIOD);
    bench.alarms.awaitCount(alarms);
  }

  private void assertRefused() throws Exception {
    EnvironmentUnavailable refusal =
        Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-new", "shop")));
    assertThat(refusal.sqlState()).isEqualTo("53100");
    assertThat(refusal.detail().orElseThrow()).contains("pool.min-free");
  }

  /** The watch that time woke has looked, and found room. */
  private void settleRoom() throws Exception {
    bench.settle();
    bench.awaitSweep();
  }

  private List<String> names() {
    return bench.environments.list().stream().map(EnvironmentStatus::name).toList();
  }

  private void until(BooleanSupplier wanted) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      bench.advance(Duration.ofSeconds(2));
      Thread.sleep(5);
    }
  }
}
