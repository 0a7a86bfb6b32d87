package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.cloner.trash.TrashRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Environments that were dropped, and what becomes of them. */
final class TrashTest extends TrashFixture {
  @Test
  void droppedEnvironmentComesBackWithItsCloneAsleep() throws Exception {
    Path socket = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));
    assertThat(bench.servers.running).isEmpty();
    assertThat(bench.environments.list()).isEmpty();

    EnvironmentRecord back = Bench.await(bench.environments.undrop("pr-1", "pr-1"));

    assertThat(back.name()).isEqualTo("pr-1");
    assertThat(bench.servers.running).isEmpty();
    EnvironmentSession session = bench.open("pr-1");
    assertThat(session.socket()).isEqualTo(socket);
    assertThat(session.creation()).isEmpty();
    assertThat(bench.environments.trash()).isEmpty();
    assertThat(bench.files("trash")).isEmpty();
  }

  @Test
  void whatTodaysMasksForbidDoesNotComeBack() throws Exception {
    Path former = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));
    bench.mask = "other rules";

    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.undrop("pr-1", "pr-2"));

    assertThat(refusal).hasMessage("environment \"pr-1\" cannot be had back");
    assertThat(refusal.sqlState()).isEqualTo("55000");
    assertThat(refusal.hint()).isPresent();
    assertThat(bench.environments.list()).isEmpty();
    bench.mask = null;
    Bench.await(bench.environments.undrop("pr-1", "pr-2"));
    assertThat(bench.open("pr-2").socket()).isEqualTo(former);
  }

  @Test
  void nameThatLivesAnewIsNotReplaced() throws Exception {
    Path former = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));
    Path anew = bench.open("pr-1").socket();

    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.undrop("pr-1", "pr-1"));
    Bench.await(bench.environments.undrop("pr-1", "pr-2"));

    assertThat(refusal.sqlState()).isEqualTo("42710");
    assertThat(refusal.hint()).hasValueSatisfying(hint -> assertThat(hint).contains(" AS "));
    assertThat(bench.open("pr-1").socket()).isEqualTo(anew);
    assertThat(bench.open("pr-2").socket()).isEqualTo(former);
  }

  @Test
  void nobodyWaitsForWhatCannotComeBack() throws Exception {
    bench.open("pr-2").close();
    Bench.await(bench.environments.drop("pr-2"));
    bench.open("pr-1").activity();
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    bench.duringLook =
        () -> {
          looked.countDown();
          awaitUnchecked(end);
        };
    CompletableFuture<Boolean> suspended = bench.environments.suspend("pr-1", false);
    looked.await();

    assertThat(Bench.failureOf(bench.environments.undrop("pr-2", "pr-1")).sqlState())
        .isEqualTo("42710");
    assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop"))).isCompleted();

    end.countDown();
    Bench.failureOf(suspended);
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void youngestOfANameComesBackFirst() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.advance(Duration.ofMinutes(1));
    Path second = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));

    Bench.await(bench.environments.undrop("pr-1", "pr-1"));

    assertThat(bench.open("pr-1").socket()).isEqualTo(second);
    assertThat(bench.environments.trash()).hasSize(1);
  }

  @Test
  void windowEnds() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));

    bench.advance(WINDOW.minusSeconds(1));
    assertThat(bench.environments.trash())
        .extracting(TrashRecord::reason)
        .containsExactly(TrashReason.DROPPED);
    bench.advance(Duration.ofSeconds(2));
    bench.awaitEmptyTrash();

    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.files("trash")).isEmpty();
    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.undrop("pr-1", "pr-1"));
    assertThat(refusal.kind()).isEqualTo(Kind.UNKNOWN_ENVIRONMENT);
  }

  @Test
  void nothingGoesBecauseTheClockWasSetForward() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.advance(WINDOW.minusSeconds(1));

    bench.alarms.jump(WINDOW.multipliedBy(2));
    bench.advance(LifetimeWatch.GRACE.minusSeconds(1));
    assertThat(bench.environments.trash()).hasSize(1);
    assertThat(bench.files("trash")).hasSize(1);

    bench.advance(Duration.ofSeconds(1));
    bench.awaitEmptyTrash();
  }

  @Test
  void idleEnvironmentGoesToTheTrash() throws Exception {
    bench.open("pr-1").close();
    bench.advance(Bench.DROP_AFTER.plusMinutes(1));

    assertThat(bench.environments.list()).isEmpty();
    assertThat(bench.environments.trash())
        .extracting(TrashRecord::reason)
        .containsExactly(TrashReason.IDLE);
  }

  @Test
  void roomIsMadeByWhatHasBeenThereForLongest() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.advance(Duration.ofMinutes(1));
    bench.open("pr-2").close();
    Bench.await(bench.environments.drop("pr-2"));

    assertThat(bench.trash.removeOldest(Duration.ofSeconds(10))).isTrue();

    assertThat(bench.environments.trash())
        .extracting(record -> record.environment().name())
        .containsExactly("pr-2");
    assertThat(bench.files("clones")).hasSize(1);
    assertThat(bench.trash.removeOldest(Duration.ofSeconds(10))).isTrue();
    assertThat(bench.trash.removeOldest(Duration.ofSeconds(10))).isFalse();
  }

  @Test
  void whatIsKnownOfAnEnvironmentSurvivesDropAndUndrop() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.label("pr-1", "for the audit"));
    Bench.await(bench.environments.guard("pr-1", true));
    Bench.await(bench.environments.drop("pr-1"));

    EnvironmentRecord back = Bench.await(bench.environments.undrop("pr-1", "pr-9"));

    assertThat(back.label()).isEqualTo("for the audit");
    assertThat(back.guarded()).isTrue();
  }

  @Test
  void changeOfNothingFails() throws Exception {
    assertThat(Bench.failureOf(bench.environments.guard("pr-1", true)).kind())
        .isEqualTo(Kind.UNKNOWN_ENVIRONMENT);
    bench.settle();
    assertThat(bench.environments.size()).isZero();
  }
}
