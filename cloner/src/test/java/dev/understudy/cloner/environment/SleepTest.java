package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.idle.Idleness;
import dev.understudy.cloner.idle.ServerWork;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Servers that stop because nobody uses them, and start again. */
final class SleepTest extends SleepFixture {
  @Test
  void sleepsAfterItsTimeAndNotBeforeAndWakesAsItWas() throws Exception {
    bench.open("pr-1").close();

    bench.advance(SUSPEND_AFTER.minus(SECOND));
    assertThat(isAwake()).isTrue();
    bench.advance(SECOND);
    assertThat(isAwake()).isFalse();
    assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();

    EnvironmentSession session = bench.open("pr-1");
    assertThat(session.creation()).isEmpty();
    assertThat(session.effect()).contains(Effect.WOKEN);
    assertThat(isAwake()).isTrue();
    assertThat(bench.pool.copies).hasValue(1);
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
  void oneThatATokenWokeSleepsAgainAfterAMinute() throws Exception {
    bench.open("pr-1").close();
    bench.advance(SUSPEND_AFTER);
    Bench.await(withToken("run-1")).close();

    bench.advance(LifetimeWatch.WOKEN.minus(SECOND));
    assertThat(isAwake()).isTrue();
    bench.advance(SECOND);
    assertThat(isAwake()).isFalse();
  }

  @Test
  void oneThatATokenWokeForSomebodyWhoGaveUpSleepsAgain() throws Exception {
    bench.open("pr-1").close();
    bench.advance(SUSPEND_AFTER);
    CountDownLatch gate = new CountDownLatch(1);
    bench.servers.gate = gate;
    CompletableFuture<EnvironmentSession> waiting = withToken("run-1");
    bench.servers.reachedGate.await();
    waiting.cancel(false);
    gate.countDown();
    bench.settle();
    assertThat(isAwake()).isTrue();

    bench.advance(LifetimeWatch.WOKEN);
    assertThat(isAwake()).isFalse();
  }

  private CompletableFuture<EnvironmentSession> withToken(String token) {
    return bench.environments.open(new EnvironmentRequest("pr-1", "shop", null, token));
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
}
