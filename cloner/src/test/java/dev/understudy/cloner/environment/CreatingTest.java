package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Limits;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Environments that somebody makes, of a snapshot or of another environment. */
final class CreatingTest extends BenchFixture {
  private static final CreateFrom NEWEST = new CreateFrom.Policy();

  @Test
  void isMadeAndRunsAndBelongsToARole() throws Exception {
    EnvironmentRecord record = Bench.await(bench.environments.create("pr-1", NEWEST, "app"));

    assertThat(record.owner()).isEqualTo("app");
    assertThat(bench.servers.running).hasSize(1);
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void oneThatExistsIsNotMadeAgain() throws Exception {
    bench.open("pr-1");

    assertThat(refusal("pr-1", NEWEST)).isEqualTo("42710");
    assertThat(bench.pool.copies).hasValue(1);
  }

  @Test
  void twoWhoMakeTheSameAtOnceMakeOne() throws Exception {
    bench.servers.gate = new CountDownLatch(1);
    CompletableFuture<EnvironmentRecord> first = bench.environments.create("pr-1", NEWEST, null);
    CompletableFuture<EnvironmentRecord> second = bench.environments.create("pr-1", NEWEST, null);
    CompletableFuture<EnvironmentSession> client =
        bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
    bench.servers.gate.countDown();

    assertThat(Bench.await(first).name()).isEqualTo("pr-1");
    assertThat(Bench.failureOf(second).sqlState()).isEqualTo("42710");
    Bench.await(client);
    assertThat(bench.pool.copies).hasValue(1);
  }

  @Test
  void anOlderSnapshotIsTakenByItsId() throws Exception {
    Instant old = Instant.parse("2025-11-01T00:00:00Z");
    bench.older = List.of(FakeSnapshots.shop(bench.directory, "s0", old));

    Bench.await(bench.environments.create("pr-1", new CreateFrom.Snapshot("s0"), null));

    assertThat(bench.open("pr-1").dataTime()).isEqualTo(old);
    EnvironmentUnavailable unknown =
        Bench.failureOf(bench.environments.create("pr-2", new CreateFrom.Snapshot("s9"), null));
    assertThat(unknown.sqlState()).isEqualTo("42704");
    assertThat(unknown.hint().orElse("")).contains("s0 (data of 2025-11-01T00:00:00Z)");
  }

  @Test
  void aSnapshotThatIsToBeTakenStaysUntilItIs() throws Exception {
    bench.limits = new Limits(10, 1);
    bench.restart();
    bench.open("pr-1").close();
    Instant old = Instant.parse("2025-11-01T00:00:00Z");
    bench.older = List.of(FakeSnapshots.shop(bench.directory, "s0", old));
    bench.duringLook = () -> bench.older = List.of(); // while the other one is put to sleep

    Bench.await(bench.environments.create("pr-2", new CreateFrom.Snapshot("s0"), null));

    assertThat(bench.older).isEmpty();
    assertThat(bench.open("pr-2").dataTime()).isEqualTo(old);
  }

  @Test
  void aBranchIsACopyOfTheOtherOneWhileItStandsStill() throws Exception {
    EnvironmentSession parent = bench.open("pr-1");
    List<Boolean> frozen = new ArrayList<>();
    bench.pool.duringCopy = () -> frozen.add(bench.servers.started.getFirst().frozen);

    Bench.await(bench.environments.create("pr-2", from("pr-1"), null));

    assertThat(frozen).containsExactly(true);
    assertThat(bench.servers.started.getFirst().frozen).isFalse();
    String target = bench.environments.target("pr-1").orElseThrow().id();
    assertThat(bench.pool.copied.getLast())
        .isEqualTo(bench.directory.resolve("clones").resolve(target).resolve("data"));
    assertThat(bench.open("pr-2").dataTime()).isEqualTo(parent.dataTime());
    assertThat(bench.open("pr-2").socket()).isNotEqualTo(parent.socket());
    assertThat(bench.servers.configured.getLast().carried()).containsEntry("work_mem", "4096");
    assertThat(bench.open("pr-1").socket()).isEqualTo(parent.socket());
  }

  @Test
  void aFailureLetsTheOtherOneGoOn() throws Exception {
    bench.open("pr-1");
    bench.pool.copyFailure = new IOException("no luck");

    assertThat(refusal("pr-2", from("pr-1"))).isEqualTo("58000");

    assertThat(bench.servers.started.getFirst().frozen).isFalse();
    bench.pool.copyFailure = null;
    Bench.await(bench.environments.reset("pr-1", true));
    bench.settle();
    assertThat(bench.files("clones")).hasSize(1);
  }

  @Test
  void oneThatSleepsIsCopiedAsleep() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", true));

    Bench.await(bench.environments.create("pr-2", from("pr-1"), null));

    assertThat(bench.servers.running).hasSize(1);
    assertThat(bench.environments.list().getFirst().running()).isFalse();
  }

  @Test
  void theOtherOneIsNotDroppedBeforeItIsCopied() throws Exception {
    bench.open("pr-1");
    CountDownLatch copying = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    bench.pool.duringCopy =
        () -> {
          copying.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    CompletableFuture<EnvironmentRecord> branch =
        bench.environments.create("pr-2", from("pr-1"), null);
    copying.await();
    CompletableFuture<Boolean> drop = bench.environments.drop("pr-1");
    assertThat(bench.servers.running).hasSize(1);
    assertThat(drop).isNotDone();
    goOn.countDown();

    Bench.await(branch);
    assertThat(Bench.await(drop)).isTrue();
  }

  @Test
  void branchesOfEachOtherDoNotWaitForEver() throws Exception {
    bench.open("pr-1");
    bench.open("pr-2");
    ConcurrentLinkedQueue<CompletableFuture<?>> all = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 50; i++) {
      all.add(bench.environments.drop("pr-1"));
      all.add(bench.environments.create("pr-1", from("pr-2"), null));
      all.add(bench.environments.drop("pr-2"));
      all.add(bench.environments.create("pr-2", from("pr-1"), null));
    }
    for (CompletableFuture<?> each : all) {
      Bench.await(each.handle((done, failure) -> true));
    }
    bench.settle();
  }

  @Test
  void freshCutsASnapshotFirst() throws Exception {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Snapshot cut = FakeSnapshots.shop(bench.directory, "s2", now);
    bench.older = List.of(cut);

    Bench.await(
        FreshCreation.of(
            bench.environments,
            source -> CompletableFuture.completedFuture(cut),
            "pr-1",
            NEWEST,
            null));

    assertThat(bench.open("pr-1").dataTime()).isEqualTo(now);
  }

  private static CreateFrom from(String parent) {
    return new CreateFrom.Environment(parent);
  }

  private String refusal(String name, CreateFrom from) throws Exception {
    return Bench.failureOf(bench.environments.create(name, from, null)).sqlState();
  }
}
