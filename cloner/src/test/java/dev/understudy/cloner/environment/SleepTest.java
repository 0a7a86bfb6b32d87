package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.idle.Idleness;
import dev.understudy.cloner.idle.ServerWork;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Lifetime;
import dev.understudy.config.NamePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that stop because nobody uses them, and start again. */
@Timeout(60)
final class SleepTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration SUSPEND_AFTER = Duration.ofMinutes(10);

  private Bench bench;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    bench = new Bench(directory);
    Lifetime lifetime = new Lifetime(SUSPEND_AFTER, Bench.DROP_AFTER, null);
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null).with(lifetime));
    bench.restart();
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void sleepsAfterItsTimeAndNotBeforeAndWakesAsItWas() throws Exception {
    bench.open("pr-1").close();

    bench.advance(SUSPEND_AFTER.minus(SECOND));
    assertThat(isAwake()).isTrue();
    bench.advance(SECOND);
    assertThat(isAwake()).isFalse();
    assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();

    assertThat(bench.open("pr-1").creation()).isEmpty();
    assertThat(isAwake()).isTrue();
    assertThat(bench.pool.copies).hasValue(1);
  }

  @Test
  void quietSessionLetsGoBeforeTheServerStops() throws Exception {
    EnvironmentSession quiet = bench.open("pr-1");
    quiet.activity();
    AtomicInteger asked = new AtomicInteger();
    quiet.whenStopping(() -> {
      assertThat(isAwake()).isTrue();
      asked.incrementAndGet();
      quiet.close();
      return CompletableFuture.completedFuture(null);
    });

    bench.advance(SUSPEND_AFTER);

    assertThat(asked).hasValue(1);
    assertThat(isAwake()).isFalse();
    assertThat(bench.environments.list().getFirst().sessions()).isZero();
  }

  @Test
  void sessionThatDoesNotAnswerKeepsNobodyUp() throws Exception {
    EnvironmentSession stuck = bench.open("pr-1");
    stuck.activity();
    stuck.whenStopping(CompletableFuture::new);

    bench.advance(SUSPEND_AFTER);

    assertThat(isAwake()).isFalse();
  }

  @Test
  void whatIsSentAtTheLastMomentCallsItOff() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    session.whenStopping(() -> {
      session.activity();
      return CompletableFuture.completedFuture(null);
    });

    bench.advance(SUSPEND_AFTER);
    assertThat(isAwake()).isTrue();

    bench.advance(SUSPEND_AFTER.minus(SECOND));
    assertThat(isAwake()).isTrue();
  }

  @Test
  void whatRunsAtTheLastMomentCallsItOffBeforeItCountsAsUse() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    session.whenStopping(() -> {
      bench.work = new ServerWork(true, null);
      return CompletableFuture.completedFuture(null);
    });

    bench.advance(SUSPEND_AFTER);

    assertThat(isAwake()).isTrue();
  }

  @Test
  void sessionsOfWhatIsDroppedLetGoToo() throws Exception {
    EnvironmentSession quiet = bench.open("pr-1");
    AtomicInteger running = new AtomicInteger();
    quiet.whenStopping(() -> {
      running.set(bench.servers.running.size());
      return CompletableFuture.completedFuture(null);
    });

    Bench.await(bench.environments.drop("pr-1"));

    assertThat(running).hasValue(1);
  }

  @Test
  void runningStatementKeepsItAwake() throws Exception {
    bench.open("pr-1").close();
    bench.work = new ServerWork(true, null);
    bench.advance(SUSPEND_AFTER);
    bench.advance(SUSPEND_AFTER);
    assertThat(isAwake()).isTrue();

    bench.work = ServerWork.NONE;
    bench.advance(SUSPEND_AFTER);
    assertThat(isAwake()).isFalse();
  }

  @Test
  void openTransactionKeepsItAwakeForAnHour() throws Exception {
    bench.open("pr-1").close();
    bench.work = new ServerWork(false, Duration.ofMinutes(55));
    bench.advance(SUSPEND_AFTER);
    assertThat(isAwake()).isTrue();

    bench.work = new ServerWork(false, Idleness.OPEN_TRANSACTION);
    bench.advance(Duration.ofMinutes(5));
    assertThat(isAwake()).isFalse();
  }

  @Test
  void oneThatIsOnlyWokenSleepsAgainAfterAMinuteAndLivesNoLonger() throws Exception {
    bench.open("pr-1").close();
    bench.advance(Bench.DROP_AFTER.minus(Duration.ofHours(1)));
    assertThat(isAwake()).isFalse();

    bench.open("pr-1").close();
    bench.advance(LifetimeWatch.WOKEN.minus(SECOND));
    assertThat(isAwake()).isTrue();
    bench.advance(SECOND);
    assertThat(isAwake()).isFalse();

    bench.advance(Duration.ofHours(1));
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void oneThatIsWokenAndUsedStaysAwakeForItsTime() throws Exception {
    bench.open("pr-1").close();
    bench.advance(Bench.DROP_AFTER.minus(Duration.ofHours(1)));
    bench.open("pr-1").activity();

    bench.advance(SUSPEND_AFTER.minus(SECOND));
    assertThat(isAwake()).isTrue();
    bench.advance(SECOND);
    assertThat(isAwake()).isFalse();
    bench.advance(Duration.ofDays(1));
    assertThat(bench.environments.list()).hasSize(1);
  }

  @Test
  void oneThatSleepsIsDroppedWithoutALook() throws Exception {
    bench.open("pr-1").close();
    bench.advance(SUSPEND_AFTER);
    bench.watchFailure = new SQLException("nobody to ask");

    bench.advance(Bench.DROP_AFTER);

    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void thoseAnEarlierDaemonLeftAwakeSleepAfterTheGrace() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.clock.advance(SUSPEND_AFTER.multipliedBy(2));
    bench.restart();

    bench.advance(LifetimeWatch.GRACE.minus(SECOND));
    assertThat(isAwake()).isTrue();
    bench.advance(SECOND);
    assertThat(isAwake()).isFalse();
  }

  @Test
  void nobodyIsPutToSleepOrDroppedBecauseTheClockWasSetForward() throws Exception {
    bench.open("pr-1").close();

    bench.advance(SUSPEND_AFTER.minus(SECOND));

    bench.alarms.jump(Bench.DROP_AFTER.multipliedBy(2));
    bench.settle();
    assertThat(isAwake()).isTrue();
    bench.advance(LifetimeWatch.GRACE.minus(SECOND));
    assertThat(isAwake()).isTrue();

    bench.advance(SECOND);
    assertThat(isAwake()).isFalse();
  }

  @Test
  void nobodyStaysAwakeForLongerBecauseTheClockWasSetBack() throws Exception {
    bench.open("pr-1");

    bench.alarms.jump(Duration.ofDays(-30));
    bench.advance(SUSPEND_AFTER);

    assertThat(isAwake()).isFalse();
    bench.advance(Bench.DROP_AFTER);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void byHandItIsRefusedWhileSomebodyWorksUnlessForced() throws Exception {
    bench.open("pr-1").activity();
    bench.work = new ServerWork(false, Duration.ofSeconds(3));

    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.suspend("pr-1", false));
    assertThat(refusal.kind()).isEqualTo(Kind.IN_USE);
    assertThat(refusal.sqlState()).isEqualTo("55006");
    assertThat(refusal.hint().orElseThrow()).contains("SUSPEND ENVIRONMENT pr-1 FORCE");
    assertThat(isAwake()).isTrue();

    assertThat(Bench.await(bench.environments.suspend("pr-1", true))).isTrue();
    assertThat(isAwake()).isFalse();
    assertThat(Bench.await(bench.environments.suspend("pr-1", false))).isFalse();
  }

  @Test
  void byHandAQuietOneSleepsAtOnce() throws Exception {
    bench.open("pr-1").activity();

    assertThat(Bench.await(bench.environments.suspend("pr-1", false))).isTrue();

    assertThat(isAwake()).isFalse();
  }

  @Test
  void byHandItIsRefusedWhileSomebodyConnectsUnlessForced() throws Exception {
    bench.open("pr-1");

    assertThat(Bench.failureOf(bench.environments.suspend("pr-1", false)).kind())
        .isEqualTo(Kind.IN_USE);
    assertThat(Bench.await(bench.environments.suspend("pr-1", true))).isTrue();
  }

  @Test
  void byHandItIsRefusedIfSomebodySendsSomethingMeanwhile() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    bench.duringLook = session::activity;

    assertThat(Bench.failureOf(bench.environments.suspend("pr-1", false)).kind())
        .isEqualTo(Kind.IN_USE);

    bench.duringLook = () -> {};
    session.whenStopping(() -> {
      bench.work = new ServerWork(true, null);
      return CompletableFuture.completedFuture(null);
    });
    assertThat(Bench.failureOf(bench.environments.suspend("pr-1", false)).kind())
        .isEqualTo(Kind.IN_USE);
    assertThat(isAwake()).isTrue();
  }

  @Test
  void oneThatIsResumedStaysAwakeAsIfUsedAndLivesNoLonger() throws Exception {
    bench.open("pr-1").close();
    bench.advance(Bench.DROP_AFTER.minus(Duration.ofHours(1)));

    Bench.await(bench.environments.resume("pr-1"));
    bench.advance(SUSPEND_AFTER.minus(SECOND));
    assertThat(isAwake()).isTrue();
    bench.advance(SECOND);
    assertThat(isAwake()).isFalse();

    bench.advance(Duration.ofHours(1));
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void whatDoesNotExistCanNeitherSleepNorWake() throws Exception {
    assertThat(Bench.failureOf(bench.environments.suspend("pr-1", true)).kind())
        .isEqualTo(Kind.UNKNOWN_ENVIRONMENT);
    assertThat(Bench.failureOf(bench.environments.resume("pr-1")).kind())
        .isEqualTo(Kind.UNKNOWN_ENVIRONMENT);
    bench.settle();
    assertThat(bench.environments.size()).isZero();
  }

  @Test
  void powerLossRightAfterASleepLosesNothing() throws Exception {
    bench.open("pr-1").close();
    bench.duringSync =
        () -> {
          assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();
          assertThat(cloneFile()).doesNotContain("SUSPENDED");
        };
    bench.advance(SUSPEND_AFTER);
    assertThat(cloneFile()).contains("SUSPENDED");
    bench.close();

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void whatCouldNotBeSyncedIsNotServedAfterAPowerLoss() throws Exception {
    bench.open("pr-1").close();
    bench.syncFailure = new IOException("Input/output error");
    bench.advance(SUSPEND_AFTER);
    assertThat(isAwake()).isFalse();
    bench.close();
    bench.syncFailure = null;

    bench.bootId = "boot-2";
    bench.restart();

    Bench.await(bench.environments.resume("pr-1"));
    bench.open("pr-1").close(); // its client went away before it could be told
    EnvironmentSession anew = bench.open("pr-1");
    assertThat(anew.creation()).isEmpty();
    assertThat(anew.notices())
        .extracting(EnvironmentNotice::message)
        .containsExactly("environment \"pr-1\" was made anew");
    assertThat(bench.open("pr-1").notices()).isEmpty();
  }

  @Test
  void whatWasWokenSinceIsNotServedAfterAPowerLoss() throws Exception {
    bench.open("pr-1").close();
    bench.advance(SUSPEND_AFTER);
    bench.open("pr-1").close();
    bench.close();
    bench.servers.started.getLast().kill();

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  private boolean isAwake() {
    return bench.environments.list().getFirst().running();
  }

  private String cloneFile() {
    try {
      return Files.readString(bench.files("clones").getFirst().resolve("clone.json"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
