package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.idle.Idleness;
import dev.understudy.cloner.idle.ServerWork;
import dev.understudy.cloner.idle.Silence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class IdleTest extends BenchFixture {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void environmentThatNobodyUsesIsDroppedAfterItsTimeAndNotBefore() throws Exception {
    bench.open("pr-1").close();

    bench.advance(Bench.DROP_AFTER.minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
    assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();
    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.files("environments")).isEmpty();
    assertThat(bench.environments.size()).isZero();
  }

  @Test
  void neverMeansNever() throws Exception {
    bench.open("staging").close();

    bench.advance(Duration.ofDays(3650));

    assertThat(bench.environments.list()).hasSize(1);
    assertThat(bench.servers.configured.getFirst().durable()).isTrue();
    assertThat(bench.pool.synced).hasSize(1);
  }

  @Test
  void quietSessionDoesNotKeepItAwake() throws Exception {
    EnvironmentSession quiet = bench.open("pr-1");
    quiet.activity();

    bench.advance(Bench.DROP_AFTER);

    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void activityPutsTheEndOff() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    bench.advance(Bench.DROP_AFTER.minus(SECOND));
    session.activity();

    bench.advance(SECOND);
    bench.advance(Bench.DROP_AFTER.minus(SECOND.multipliedBy(2)));
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void sessionThatIsJustConnectingIsWaitedFor() throws Exception {
    bench.open("pr-1").close();
    bench.advance(Bench.DROP_AFTER.minus(SECOND));
    EnvironmentSession connecting = bench.open("pr-1");

    bench.advance(SECOND);
    assertThat(bench.environments.list()).hasSize(1);

    connecting.activity();
    bench.advance(Idleness.CONNECTING);
    assertThat(bench.environments.list()).hasSize(1);
  }

  @Test
  void firstQueryOfASessionEndsTheWaitForIt() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    bench.advance(Bench.DROP_AFTER.minus(SECOND));
    EnvironmentSession connecting = bench.open("pr-1");
    session.close();
    bench.advance(SECOND);
    assertThat(bench.environments.list()).hasSize(1);

    connecting.close();
    bench.advance(Duration.ZERO);

    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void poolThatOnlyKeepsConnectingIsNoUser() throws Exception {
    bench.open("pr-1").close();
    bench.advance(Bench.DROP_AFTER.minus(SECOND));
    bench.open("pr-1").close();

    bench.advance(SECOND);

    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void runningStatementKeepsItAwakeAndCountsAsUse() throws Exception {
    bench.open("pr-1").close();
    bench.work = new ServerWork(true, null);
    bench.advance(Bench.DROP_AFTER);
    bench.advance(Bench.DROP_AFTER);
    bench.work = ServerWork.NONE;

    bench.advance(Bench.DROP_AFTER.minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void openTransactionKeepsItAwakeForAnHour() throws Exception {
    bench.open("pr-1").close();
    bench.work = new ServerWork(false, Duration.ofMinutes(20));
    bench.advance(Bench.DROP_AFTER);
    assertThat(bench.environments.list()).hasSize(1);

    bench.work = new ServerWork(false, Duration.ofHours(1));
    bench.advance(Duration.ofMinutes(40));
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void serverThatDoesNotAnswerIsNotIdleButOneThatEndedIs() throws Exception {
    bench.open("pr-1").close();
    bench.watchFailure = new SQLException("too many connections");
    bench.advance(Bench.DROP_AFTER);
    assertThat(bench.environments.list()).hasSize(1);

    bench.servers.started.getFirst().kill();
    bench.advance(Duration.ofMinutes(1));
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void sessionThatComesDuringTheLastLookSavesIt() throws Exception {
    bench.open("pr-1").close();
    bench.duringLook =
        () -> {
          bench.duringLook = () -> {};
          assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop"))).isCompleted();
        };

    bench.advance(Bench.DROP_AFTER);

    assertThat(bench.environments.list()).hasSize(1);
    assertThat(bench.servers.running).hasSize(1);
  }

  @Test
  void activityIsRecordedAlsoIfTheClockWasSetBack() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    bench.advance(SECOND);
    session.activity();
    bench.alarms.jump(Duration.ofDays(-30));
    bench.advance(ActivityJournal.SAVE_AFTER);

    assertThat(Files.readString(bench.directory.resolve("environments/pr-1.json")))
        .contains("\"2026-01-01T00:00:01Z\"");
  }

  @Test
  void activityIsRecordedOnceAMinuteAtMost() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    Path file = bench.directory.resolve("environments/pr-1.json");
    String before = Files.readString(file);
    bench.advance(SECOND);
    session.activity();
    session.activity();
    assertThat(bench.alarms.count()).isEqualTo(2);
    bench.settle();
    assertThat(Files.readString(file)).isEqualTo(before);

    bench.advance(ActivityJournal.SAVE_AFTER);

    assertThat(Files.readString(file)).contains("\"2026-01-01T00:00:01Z\"");
  }

  @Test
  void activityIsRecordedAtTheEnd() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    bench.advance(SECOND);
    session.activity();

    bench.restart();

    assertThat(bench.environments.list())
        .singleElement()
        .extracting(EnvironmentStatus::lastActivity)
        .isEqualTo(Instant.parse("2026-01-01T00:00:01Z"));
  }

  @Test
  void overdueEnvironmentOutlivesTheStartByTheGrace() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.clock.advance(Bench.DROP_AFTER.multipliedBy(2));
    bench.restart();

    bench.advance(LifetimeWatch.GRACE.minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void nothingIsDroppedWhileNobodyCanConnect() throws Exception {
    bench.open("pr-1").close();
    bench.restartUnheard();

    bench.advance(Bench.DROP_AFTER.multipliedBy(3));
    assertThat(bench.environments.list()).hasSize(1);

    bench.service.beginIdling();
    bench.advance(LifetimeWatch.GRACE.minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void serverThatNeverAnswersIsIdleAfterThreeTimesAsLong() throws Exception {
    Duration silence = Bench.DROP_AFTER.multipliedBy(3);
    bench.open("pr-1").close();
    bench.watchFailure = new SQLException("no answer");
    bench.advance(Bench.DROP_AFTER);
    for (int look = 1; look < Silence.LOOKS; look++) {
      bench.advance(Duration.ofMinutes(1));
    }
    Duration rest = silence.minus(Duration.ofMinutes(Silence.LOOKS));
    bench.advance(rest);
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(Duration.ofMinutes(1));
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void oneAnswerEndsTheSilence() throws Exception {
    bench.open("pr-1").close();
    bench.watchFailure = new SQLException("no answer");
    bench.advance(Bench.DROP_AFTER);
    for (int look = 1; look < Silence.LOOKS; look++) {
      bench.advance(Duration.ofMinutes(1));
    }
    bench.watchFailure = null;
    bench.work = new ServerWork(false, Duration.ZERO);
    bench.advance(Duration.ofMinutes(1));
    bench.watchFailure = new SQLException("no answer");

    bench.advance(Bench.DROP_AFTER.multipliedBy(3));

    assertThat(bench.environments.list()).hasSize(1);
  }

  @Test
  void lookThatFailsWithAnErrorIsRepeated() throws Exception {
    bench.open("pr-1").close();
    bench.duringLook =
        () -> {
          bench.duringLook = () -> {};
          throw new OutOfMemoryError("unable to create native thread");
        };
    bench.advance(Bench.DROP_AFTER);
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(Duration.ofMinutes(1));
    assertThat(bench.environments.list()).isEmpty();
  }
}
