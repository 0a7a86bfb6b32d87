package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.cloner.idle.ServerWork;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Lifetime;
import dev.understudy.config.Limits;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Quota;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Limits on the environments that exist, and on those that run. */
final class PopulationTest extends BenchFixture {
  @Test
  void oneMoreThanMayExistIsRefusedUntilOneIsDropped() throws Exception {
    limit(2, 10);
    bench.open("pr-1");
    bench.open("pr-2");

    EnvironmentUnavailable refusal =
        Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-3", "shop")));
    assertThat(refusal.kind()).isEqualTo(Kind.LIMIT);
    assertThat(refusal.sqlState()).isEqualTo("53400");
    assertThat(refusal.detail())
        .contains("2 environments exist, as many as limits.environments allows.");
    assertThat(bench.files("clones")).hasSize(2);
    assertThat(bench.open("pr-1").creation()).isEmpty();

    Bench.await(bench.environments.drop("pr-2"));
    assertThat(bench.open("pr-3").creation()).isPresent();
  }

  @Test
  void aPatternHasALimitOfItsOwn() throws Exception {
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("*"), "prod", "shop", Bench.DROP_AFTER),
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", Bench.DROP_AFTER)
                .with(new Quota(2, Integer.MAX_VALUE)));
    bench.restart();
    bench.open("other-1");
    bench.open("pr-1");
    bench.open("pr-2");

    EnvironmentUnavailable refusal = refusal("pr-3", null);
    assertThat(refusal.sqlState()).isEqualTo("53400");
    assertThat(refusal.detail())
        .contains(
            "2 environments of \"pr-*\" exist, as many as environments.\"pr-*\".limit allows.");
    assertThat(bench.open("other-2").creation()).isPresent();
    Bench.await(bench.environments.drop("pr-1"));
    assertThat(bench.open("pr-3").creation()).isPresent();
  }

  @Test
  void aRoleMakesNoMoreThanItMayButUsesWhatIsThere() throws Exception {
    bench.limits = new Limits(10, 10, 2);
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", Bench.DROP_AFTER)
                .with(new Quota(10, 1)),
            new EnvironmentPolicy(new NamePattern("qa-*"), "prod", "shop", Bench.DROP_AFTER));
    bench.restart();
    openAs("pr-1", "ann");
    openAs("pr-2", "bob");

    assertThat(refusal("pr-3", "ann").detail())
        .contains(
            "Role \"ann\" has made 1 that exist, as many as environments.\"pr-*\".limit-per-role"
                + " allows.");
    assertThat(openAs("pr-2", "ann").creation()).isEmpty();
    openAs("qa-1", "ann");
    bench.restart();
    assertThat(refusal("qa-2", "ann").detail())
        .contains("Role \"ann\" has made 2 that exist, as many as limits.per-role allows.");
    assertThat(refusal("qa-2", "ann").sqlState()).isEqualTo("53400");
    assertThat(openAs("qa-2", "bob").creation()).isPresent();
  }

  private EnvironmentSession openAs(String name, String role) throws Exception {
    return Bench.await(bench.environments.open(new EnvironmentRequest(name, "shop", role)));
  }

  private EnvironmentUnavailable refusal(String name, @Nullable String role) throws Exception {
    return Bench.failureOf(bench.environments.open(new EnvironmentRequest(name, "shop", role)));
  }

  @Test
  void thoseThatExistCountAfterARestart() throws Exception {
    limit(1, 10);
    bench.open("pr-1").close();
    bench.restart();

    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-2", "shop")))
                .sqlState())
        .isEqualTo("53400");
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void oneThatCouldNotBeMadeTakesNoRoom() throws Exception {
    limit(1, 1);
    bench.pool.copyFailure = new IOException("no luck");
    Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop")));
    bench.pool.copyFailure = null;

    assertThat(bench.open("pr-2").creation()).isPresent();
  }

  @Test
  void theOneIdleForLongestGoesToSleepForOneMoreAndWakesAgain() throws Exception {
    limit(10, 2);
    bench.open("pr-1").close();
    bench.advance(Duration.ofMinutes(1));
    bench.open("pr-2").close();
    bench.advance(Duration.ofMinutes(1));
    Path third = bench.open("pr-3").socket();

    assertThat(running()).containsExactly("pr-2", "pr-3");
    EnvironmentSession woken = bench.open("pr-1");
    assertThat(woken.creation()).isEmpty();
    assertThat(running()).containsExactly("pr-1", "pr-3");
    assertThat(bench.open("pr-3").socket()).isEqualTo(third);
    assertThat(bench.pool.copies).hasValue(3);
  }

  @Test
  void nobodyLosesASessionForOneMore() throws Exception {
    limit(10, 2);
    EnvironmentSession first = bench.open("pr-1");
    bench.open("pr-2");

    EnvironmentUnavailable refusal =
        Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-3", "shop")));
    assertThat(refusal.sqlState()).isEqualTo("53400");
    assertThat(running()).containsExactly("pr-1", "pr-2");
    assertThat(bench.files("environments")).hasSize(2);

    first.close();
    bench.open("pr-3");
    assertThat(running()).containsExactly("pr-2", "pr-3");
  }

  @Test
  void whoseSessionsHaveBeenQuietGoesToSleepForOneMore() throws Exception {
    letSleep();
    limit(10, 3);
    EnvironmentSession quiet = bench.open("pr-1");
    AtomicBoolean parked = new AtomicBoolean();
    quiet.whenStopping(() -> {
      parked.set(true);
      quiet.close();
      return CompletableFuture.completedFuture(null);
    });
    quiet.activity();
    bench.advance(Duration.ofSeconds(1));
    EnvironmentSession later = bench.open("pr-2");
    later.activity();
    bench.advance(Suspending.QUIET.minus(Duration.ofSeconds(2)));
    bench.open("pr-3").close();

    bench.open("pr-4").activity(); // who has no session goes first
    assertThat(running()).containsExactly("pr-1", "pr-2", "pr-4");
    assertThat(refusal("pr-5", null).sqlState()).isEqualTo("53400");

    bench.advance(Duration.ofSeconds(1));
    bench.open("pr-5");
    assertThat(running()).containsExactly("pr-2", "pr-4", "pr-5");
    assertThat(parked).isTrue();
  }

  @Test
  void whoIsInATransactionKeepsItsServer() throws Exception {
    letSleep();
    limit(10, 1);
    bench.open("pr-1").activity();
    bench.advance(Suspending.QUIET);
    bench.work = new ServerWork(false, Duration.ofSeconds(3));

    assertThat(refusal("pr-2", null).sqlState()).isEqualTo("53400");
    assertThat(running()).containsExactly("pr-1");
  }

  @Test
  void whoSendsSomethingAtTheLastMomentKeepsItsServer() throws Exception {
    letSleep();
    limit(10, 1);
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    session.whenStopping(() -> {
      session.activity();
      return CompletableFuture.completedFuture(null);
    });
    bench.advance(Suspending.QUIET);

    assertThat(refusal("pr-2", null).sqlState()).isEqualTo("53400");
    assertThat(running()).containsExactly("pr-1");
  }

  @Test
  void whoNeverSleepsByItselfKeepsItsServerForItsSessions() throws Exception {
    limit(10, 1);
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    bench.advance(Suspending.QUIET);
    assertThat(refusal("pr-2", null).sqlState()).isEqualTo("53400");

    session.close();
    assertThat(bench.open("pr-2").creation()).isPresent();
  }

  private void letSleep() {
    bench.policies =
        List.of(
            bench
                .policies
                .getFirst()
                .with(new Lifetime(Duration.ofMinutes(10), Bench.DROP_AFTER, null)));
  }

  @Test
  void oneThatWorksWithoutASessionIsLeftRunning() throws Exception {
    limit(10, 1);
    bench.open("pr-1").close();
    bench.work = new ServerWork(true, null);

    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-2", "shop")))
                .sqlState())
        .isEqualTo("53400");
    assertThat(running()).containsExactly("pr-1");
  }

  @Test
  void manyAtOnceAreNeverMoreThanMayRun() throws Exception {
    limit(1000, 3);
    List<CompletableFuture<EnvironmentSession>> opening = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      opening.add(bench.environments.open(new EnvironmentRequest("pr-" + i % 20, "shop")));
    }
    for (CompletableFuture<EnvironmentSession> each : opening) {
      try {
        Bench.await(each).close();
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(EnvironmentUnavailable.class);
      }
    }
    bench.settle(); // until then those that give way may still be about to end
    assertThat(running()).hasSizeLessThanOrEqualTo(3);
    assertThat(bench.servers.running).hasSizeLessThanOrEqualTo(3);
  }

  private void limit(int environments, int running) throws Exception {
    bench.limits = new Limits(environments, running);
    bench.restart();
  }

  private List<String> running() {
    return bench.environments.list().stream()
        .filter(EnvironmentStatus::running)
        .map(EnvironmentStatus::name)
        .toList();
  }

  /** Each would have the other sleep, and neither can while it is being refreshed. */
  @Test
  void twoThatAreRefreshedAtTheLimitDoNotWaitForEachOther() throws Exception {
    limit(10, 2);
    bench.open("pr-1").close();
    bench.open("pr-2").close();
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s2"));

    var first = bench.environments.refresh("pr-1", false);
    var second = bench.environments.refresh("pr-2", false);

    Bench.await(first);
    Bench.await(second);
    assertThat(bench.servers.running.size()).isLessThanOrEqualTo(2);
  }

  @Test
  void whoNeedsRoomDoesNotWaitForTheEndOfAServer() throws Exception {
    limit(10, 1);
    bench.open("pr-1").close();
    CountDownLatch ended = new CountDownLatch(1);
    bench.servers.duringStop =
        () -> {
          try {
            ended.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    try {
      assertThat(bench.open("pr-2").creation()).isPresent();
    } finally {
      ended.countDown();
    }
  }
}
