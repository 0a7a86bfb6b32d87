package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.config.Access;
import dev.understudy.config.Hook;
import dev.understudy.config.Hooks;
import dev.understudy.config.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** First connects where no more servers may run than do, and a spare has one of the places. */
final class LastPlaceTest extends BenchFixture {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Clone spare;

  @BeforeEach
  void beginWithASpareInTheOnlyPlace() throws Exception {
    bench.limits = new Limits(10, 1);
    bench.wantedSpares = Map.of("prod", 1);
    bench.restart();
    spare = awaitSpare();
  }

  @Test
  void theSpareIsTaken() throws Exception {
    assertThat(bench.open("pr-1").socket()).isEqualTo(spare.socket());
    assertThat(bench.pool.copies).hasValue(1);
    requireFull("pr-2");
  }

  @Test
  void theSpareIsTakenByWhoMakesOneByHand() throws Exception {
    Bench.await(bench.environments.create("pr-1", new CreateFrom.Policy(), "ann"));

    assertThat(bench.environments.target("pr-1")).containsSame(spare);
    assertThat(bench.servers.running).hasSize(1);
  }

  @Test
  void theSpareIsTakenByWhoMoves() throws Exception {
    bench.limits = new Limits(10, 2);
    bench.wantedSpares = Map.of("prod", 0);
    bench.open("pr-1").close();
    bench.wantedSpares = Map.of("prod", 1);
    bench.service.settingsChanged();
    spare = awaitSpare();
    Bench.await(bench.environments.refresh("pr-1", true));

    assertThat(bench.environments.target("pr-1")).containsSame(spare);
    assertThat(bench.pool.copies).hasValue(2);
  }

  @Test
  void theSpareGoesWhereItCannotBecomeWhatIsWanted() throws Exception {
    bench.policies = List.of(bench.policies.getFirst().with(Access.READ_ONLY));

    assertThat(bench.open("pr-1").socket()).isNotEqualTo(spare.socket());
    assertThat(spare.server()).isEmpty();
    requireFull("pr-2");
  }

  @Test
  void theSpareGoesWhereANewerSnapshotComesInBetween() throws Exception {
    bench.duringHold = () -> bench.newest = bench.newest.map(old -> SparesTest.named(old, "s2"));
    bench.servers.onStarted = server -> assertThat(bench.servers.running).as("running").hasSize(1);
    bench.open("pr-1");

    assertThat(bench.environments.target("pr-1").orElseThrow().origin().snapshot()).isEqualTo("s2");
    assertThat(spare.server()).isEmpty();
    requireFull("pr-2");
  }

  @Test
  void theSpareGoesWhereAnEnvironmentWakes() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", false));
    Clone next = awaitSpare();
    bench.open("pr-1");

    assertThat(bench.environments.target("pr-1")).containsSame(spare);
    assertThat(next.server()).isEmpty();
    requireFull("pr-2");
  }

  @Test
  void whoFailsBeforeItIsUsedGivesItBack() throws Exception {
    var newest = bench.newest;
    bench.duringHold = () -> bench.newest = Optional.empty();
    refusal("pr-1");
    bench.duringHold = () -> {};
    bench.newest = newest;

    assertThat(bench.spares.clones()).containsExactly(spare);
    assertThat(bench.open("pr-1").socket()).isEqualTo(spare.socket());
    requireFull("pr-2");
  }

  @Test
  void theDaemonEndsItTooWhereItIsSetAside() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    bench.duringHold =
        () -> {
          try {
            begun.countDown();
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            bench.newest = Optional.empty();
          }
        };
    CompletableFuture<EnvironmentSession> opened = open("pr-1");
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(bench.spares.clones()).isEmpty();
    bench.service.close();

    Bench.failureOf(opened);
    assertThat(bench.servers.running).isEmpty();
    bench.clones.awaitRemovals(Duration.ofSeconds(10));
    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void whoFailsLaterLeavesThePlaceFree() throws Exception {
    bench.hooks =
        (clone, policy) -> {
          throw new CloneException(Reason.HOOK_FAILED, "hook 1 has failed", "its output", null);
        };
    var plain = bench.policies;
    bench.policies =
        List.of(
            plain
                .getFirst()
                .with(
                    new Hooks(
                        List.of(new Hook.Script(Path.of("/x.sql"), null)), Duration.ofMinutes(1))));
    refusal("pr-1");
    bench.policies = plain;

    assertThat(spare.server()).isEmpty();
    Clone next = awaitSpare();
    assertThat(bench.open("pr-1").socket()).isEqualTo(next.socket());
    requireFull("pr-2");
  }

  @Test
  void whoIsNotWrittenDownLeavesThePlaceFree() throws Exception {
    Path record = bench.directory.resolve("environments").resolve("pr-1.json");
    Bench.forbidWriting(record);
    refusal("pr-1");
    Bench.allowWriting(record);

    Clone next = awaitSpare();
    assertThat(bench.open("pr-1").socket()).isEqualTo(next.socket());
    requireFull("pr-2");
  }

  @Test
  void ofTwoAtATimeOneTakesItAndTheOtherIsRefused() throws Exception {
    for (int i = 0; i < 10; i++) {
      spare = awaitSpare();
      CompletableFuture<EnvironmentSession> first = open("pr-1");
      CompletableFuture<EnvironmentSession> second = open("pr-2");
      CompletableFuture.allOf(first, second)
          .handle((done, failure) -> done)
          .get(10, TimeUnit.SECONDS);
      boolean isFirst = !first.isCompletedExceptionally();

      assertThat(Bench.await(isFirst ? first : second).socket()).isEqualTo(spare.socket());
      assertThat(Bench.failureOf(isFirst ? second : first).sqlState()).isEqualTo("53400");
      assertThat(bench.servers.running).hasSize(1);
      Bench.await(bench.environments.drop(isFirst ? "pr-1" : "pr-2"));
    }
    spare = awaitSpare();
    assertThat(bench.open("pr-1").socket()).isEqualTo(spare.socket());
    requireFull("pr-2");
  }

  @Test
  void aLowerLimitIsNotPassedByTakingIt() throws Exception {
    bench.limits = new Limits(10, 2);
    bench.open("pr-1");
    Clone next = awaitSpare();
    bench.limits = new Limits(10, 1);
    requireFull("pr-2");

    assertThat(next.server()).isEmpty();
    assertThat(bench.servers.running).hasSize(1);
  }

  private CompletableFuture<EnvironmentSession> open(String name) {
    return bench.environments.open(new EnvironmentRequest(name, "shop"));
  }

  private EnvironmentUnavailable refusal(String name) throws Exception {
    return Bench.failureOf(open(name));
  }

  /** One server runs, as many as may, and it has a session; no spare is made beside it. */
  private void requireFull(String other) throws Exception {
    assertThat(refusal(other).sqlState()).isEqualTo("53400");
    for (int i = 0; i < 3; i++) {
      bench.advance(Duration.ofMinutes(1));
      bench.settle();
    }
    assertThat(bench.spares.clones()).isEmpty();
    assertThat(bench.servers.running).hasSize(1);
  }

  /** Time passes until there is one. */
  private Clone awaitSpare() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (bench.spares.clones().isEmpty()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      bench.advance(SOON);
      Thread.sleep(5);
    }
    return bench.spares.clones().getFirst();
  }
}
