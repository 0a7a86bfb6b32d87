package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.idle.ServerWork;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Environments that somebody puts to sleep, or wakes. */
final class SuspendingTest extends SleepFixture {
  @Test
  void itIsRefusedWhileSomebodyWorksUnlessForced() throws Exception {
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
  void aQuietOneSleepsAtOnce() throws Exception {
    bench.open("pr-1").activity();

    assertThat(Bench.await(bench.environments.suspend("pr-1", false))).isTrue();

    assertThat(isAwake()).isFalse();
  }

  @Test
  void itIsRefusedWhileSomebodyConnectsUnlessForced() throws Exception {
    bench.open("pr-1");

    assertThat(Bench.failureOf(bench.environments.suspend("pr-1", false)).kind())
        .isEqualTo(Kind.IN_USE);
    assertThat(Bench.await(bench.environments.suspend("pr-1", true))).isTrue();
  }

  @Test
  void itIsRefusedIfSomebodySendsSomethingMeanwhile() throws Exception {
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
}
