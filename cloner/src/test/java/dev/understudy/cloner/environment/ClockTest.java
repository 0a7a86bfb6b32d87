package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.cloner.idle.Idleness;
import dev.understudy.cloner.idle.ServerWork;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Lifetime;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The clock is set, while a daemon works and while none does. */
@Timeout(60)
final class ClockTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration SUSPEND_AFTER = Duration.ofMinutes(10);
  private static final Duration WINDOW = DAY;

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    bench = new Bench(directory);
    bench.undropWindow = WINDOW;
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null)
                .with(new Lifetime(SUSPEND_AFTER, Bench.DROP_AFTER, null)),
            new EnvironmentPolicy(new NamePattern("staging"), "prod", "shop", null)
                .with(
                    new RefreshPolicy(
                        new RefreshPolicy.Trigger.Scheduled(new Schedule("0 6 * * *")),
                        RefreshPolicy.DEFAULT_GRACE,
                        0)));
    bench.restart();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void whatWasJumpedOverIsNoIdleness() throws Exception {
    bench.open("pr-1").close();
    bench.advance(SUSPEND_AFTER.dividedBy(5));

    bench.alarms.jump(YEAR);
    bench.advance(SUSPEND_AFTER.dividedBy(5).multipliedBy(4).minus(SECOND));
    assertThat(isAwake()).isTrue();
    bench.advance(SECOND);
    assertThat(isAwake()).isFalse();

    bench.advance(Bench.DROP_AFTER.minus(SUSPEND_AFTER).minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);
    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void aClockThatIsSetBackAndForthChangesNothing() throws Exception {
    bench.open("pr-1").close();
    bench.advance(DAY);

    bench.alarms.jump(YEAR.negated());
    bench.alarms.jump(YEAR);

    bench.advance(Bench.DROP_AFTER.minus(DAY).minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);
    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void theNextDaemonKnowsWhatWasJumpedOver() throws Exception {
    bench.open("pr-1").close();
    bench.open("pr-2").close();
    Bench.await(bench.environments.drop("pr-2"));
    bench.alarms.jump(YEAR);
    bench.advance(Duration.ZERO);
    bench.settle();
    awaitRewrittenTrash();

    bench.restart();
    bench.advance(LifetimeWatch.GRACE);

    assertThat(bench.environments.list()).hasSize(1);
    assertThat(bench.environments.trash()).hasSize(1);
  }

  private void awaitRewrittenTrash() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    String id = bench.environments.trash().getFirst().id();
    Path record = bench.directory.resolve("trash/%s.json".formatted(id));
    while (!Files.readString(record).contains("\"trashedAt\" : \"2027")) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  @Test
  void whatWasJumpedOverIsWrittenDownAtOnce() throws Exception {
    bench.open("pr-1").activity();
    bench.alarms.jump(YEAR);
    bench.advance(Duration.ZERO);

    assertThat(Files.readString(bench.directory.resolve("environments/pr-1.json")))
        .contains("\"lastActivity\" : \"2027-01-01T00:00:00Z\"");
  }

  @Test
  void whoWasActiveInTheFutureIsIdleFromTheStartOn() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.clock.advance(YEAR.negated());
    bench.restart();

    bench.advance(SUSPEND_AFTER);
    assertThat(isAwake()).isFalse();
    bench.advance(Bench.DROP_AFTER.minus(SUSPEND_AFTER));
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void whoWasActiveInTheFutureIsIdleFromThenOnWhateverDaemonsStartMeanwhile() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.clock.advance(YEAR.negated());
    bench.restart();
    bench.advance(Bench.DROP_AFTER.dividedBy(2));
    bench.restart();

    bench.advance(Bench.DROP_AFTER.dividedBy(2));

    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void activityBeforeTheJumpIsNoticedCounts() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    bench.alarms.jumpUnnoticed(DAY.negated());
    session.activity();

    bench.advance(Bench.DROP_AFTER.minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);
    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void activityAfterALongPauseIsKnownToANextDaemonAtOnce() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    bench.advance(DAY);
    session.activity();
    bench.advance(Duration.ZERO);

    assertThat(Files.readString(bench.directory.resolve("environments/pr-1.json")))
        .contains("\"2026-01-02T00:00:00Z\"");
  }

  @Test
  void nobodyIsRemovedForRoomBecauseTheClockWasSetAMomentAgo() throws Exception {
    bench.open("pr-1").close();
    bench.pool.freeBytes = 0;
    bench.alarms.jumpUnnoticed(YEAR);

    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-2", "shop")))
                .sqlState())
        .isEqualTo("53100");
    assertThat(bench.environments.list()).hasSize(1);
  }

  @Test
  void theGraceOfARefreshIsNotJumpedOver() throws Exception {
    bench.open("staging").activity();
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s2", bench.clock.instant()));
    bench.work = new ServerWork(true, null);
    bench.advance(Duration.ofHours(6));

    bench.alarms.jump(Duration.ofHours(3));
    bench.advance(Refreshing.LOOK_AGAIN);
    bench.advance(Refreshing.LOOK_AGAIN);
    assertThat(bench.servers.started).hasSize(1);

    for (int i = 0; i <= RefreshPolicy.DEFAULT_GRACE.dividedBy(Refreshing.LOOK_AGAIN); i++) {
      bench.advance(Refreshing.LOOK_AGAIN);
    }
    assertThat(bench.servers.started).hasSize(2);
  }

  @Test
  void aScheduleFollowsAClockThatIsSetBack() throws Exception {
    bench.open("staging").activity();
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s2", bench.clock.instant()));
    bench.alarms.jump(YEAR.negated());

    bench.advance(DAY);
    bench.advance(Refreshing.LOOK_AGAIN);

    assertThat(bench.servers.started).hasSize(2);
  }

  @Test
  void aTransactionHasItsHourAlsoIfTheClockWasSetForward() throws Exception {
    bench.open("pr-1").close();
    bench.alarms.jump(YEAR);
    bench.work = new ServerWork(false, YEAR);

    bench.advance(SUSPEND_AFTER);
    bench.advance(Duration.ofMinutes(40));
    assertThat(isAwake()).isTrue();
    bench.advance(Duration.ofMinutes(10));
    assertThat(isAwake()).isFalse();
  }

  @Test
  void aTransactionHasNoMoreThanItsHourIfTheClockWasSetBack() throws Exception {
    bench.open("pr-1").close();
    bench.alarms.jump(YEAR.negated());
    bench.work = new ServerWork(false, YEAR.negated());

    bench.advance(SUSPEND_AFTER);
    bench.advance(Duration.ofMinutes(40));
    assertThat(isAwake()).isTrue();
    bench.advance(Duration.ofMinutes(10));
    assertThat(isAwake()).isFalse();
  }

  @Test
  void aSessionFromTheFutureIsNotAboutToSendSomething() throws Exception {
    bench.open("pr-1");
    bench.alarms.jump(Idleness.CONNECTING.multipliedBy(2).negated());

    assertThat(Bench.await(bench.environments.suspend("pr-1", false))).isTrue();
  }

  private boolean isAwake() {
    return bench.environments.list().getFirst().running();
  }
}
