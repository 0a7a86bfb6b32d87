package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.CloneState;
import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Environments that move to the newest snapshot. */
final class RefreshingTest extends RefreshingFixture {
  @Test
  void movesToTheNewSnapshotUnderTheSameName() throws Exception {
    EnvironmentSession old = bench.open("staging");
    old.activity();
    Instant created = bench.environments.list().getFirst().createdAt();

    publish();

    assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();
    EnvironmentSession fresh = bench.open("staging");
    assertThat(fresh.dataTime()).isEqualTo(NEXT);
    assertThat(fresh.creation()).isEmpty();
    assertThat(fresh.socket()).isNotEqualTo(old.socket());
    assertThat(bench.environments.list().getFirst().createdAt()).isEqualTo(created);
    assertThat(bench.files("clones")).hasSize(1);

    bench.restart();
    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void keepsItsDataWhereTheTrashCannotBeWritten() throws Exception {
    bench.undropWindow = Duration.ofDays(1);
    bench.restart();
    Path socket = bench.open("staging").socket();
    String target = bench.environments.list().getFirst().target();
    Bench.forbidWriting(bench.directory.resolve("trash/" + target + ".json"));

    publish();

    assertThat(bench.open("staging").socket()).isEqualTo(socket);
    assertThat(bench.files("clones")).hasSize(1);
  }

  @Test
  void othersKeepTheirData() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    session.activity();

    publish();

    assertThat(bench.open("pr-1").socket()).isEqualTo(session.socket());
  }

  @Test
  void nothingHappensWithoutANewSnapshot() throws Exception {
    Path socket = bench.open("staging").socket();

    bench.service.snapshotPublished("prod");
    bench.settle();

    assertThat(bench.open("staging").socket()).isEqualTo(socket);
    assertThat(bench.pool.copies).hasValue(1);
  }

  @Test
  void oneThatWasMadeOfAnOlderSnapshotStaysThereUntilTheNext() throws Exception {
    bench.older =
        List.of(FakeSnapshots.shop(bench.directory, "s0", Instant.parse("2025-11-01T00:00:00Z")));
    Bench.await(bench.environments.create("staging", new CreateFrom.Snapshot("s0"), null));
    bench.restart();
    bench.settle();
    assertThat(bench.open("staging").dataTime()).isBefore(NEXT.minus(Duration.ofDays(30)));
    bench.open("staging").activity();
    bench.advance(CONNECTED);

    publish();
    bench.advance(Refreshing.LOOK_AGAIN);
    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void aFewMoveSideBySide() throws Exception {
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null)
                .with(RefreshPolicy.AFTER_SNAPSHOT));
    bench.restart();
    for (int i = 0; i < 10; i++) {
      bench.open("pr-" + i).activity();
    }
    AtomicInteger copying = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    bench.pool.duringCopy =
        () -> {
          most.accumulateAndGet(copying.incrementAndGet(), Math::max);
          LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
          copying.decrementAndGet();
        };

    newest();
    bench.service.snapshotPublished("prod");
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (bench.pool.copies.get() < 20 && System.nanoTime() < deadline) {
      bench.settle();
    }
    bench.settle();

    assertThat(most).hasValueLessThanOrEqualTo(2);
    for (int i = 0; i < 10; i++) {
      assertThat(bench.open("pr-" + i).dataTime()).isEqualTo(NEXT);
    }
  }

  @Test
  void whoComesWhileTheCloneIsMadeIsServedByTheOldOneAndKeepsIt() throws Exception {
    EnvironmentSession old = bench.open("staging");
    old.activity();
    bench.servers.gate = new CountDownLatch(1);
    newest();
    bench.service.snapshotPublished("prod");
    bench.servers.reachedGate.await();
    CompletableFuture<EnvironmentSession> came =
        bench.environments.open(new EnvironmentRequest("staging", "shop"));
    assertThat(came).isDone();
    requireNonNull(bench.servers.gate).countDown();
    bench.settle();

    assertThat(came.get().socket()).isEqualTo(old.socket());
    assertThat(bench.servers.running).hasSize(1);
    assertThat(bench.files("clones")).hasSize(1);
    came.get().activity();
    bench.advance(Refreshing.LOOK_AGAIN);
    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void aCloneThatCannotBeMadeLeavesTheOldOne() throws Exception {
    EnvironmentSession old = bench.open("staging");
    old.activity();
    bench.pool.copyFailure = new IOException("no luck");

    publish();

    assertThat(bench.open("staging").socket()).isEqualTo(old.socket());
    assertThat(bench.files("clones")).hasSize(1);
  }

  @Test
  void whatSleepsSleepsOn() throws Exception {
    bench.open("staging").close();
    bench.servers.started.getFirst().kill();

    publish();

    assertThat(bench.servers.running).isEmpty();
    assertThat(bench.environments.list().getFirst().state()).isEqualTo(CloneState.SUSPENDED);
    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void aSnapshotThatCameWhileNoDaemonWorkedIsTakenAtTheStart() throws Exception {
    bench.open("staging").close();
    newest();
    bench.restart();
    bench.settle();

    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void whatIsHadBackKeepsItsDataUntilTheNextSnapshot() throws Exception {
    bench.undropWindow = Duration.ofDays(1);
    bench.restart();
    Path socket = bench.open("staging").socket();
    Bench.await(bench.environments.drop("staging"));
    newest();
    bench.clock.advance(Duration.ofDays(1).minusHours(1));
    Bench.await(bench.environments.undrop("staging", "staging"));
    bench.restart();
    bench.settle();
    assertThat(bench.open("staging").socket()).isEqualTo(socket);

    bench.open("staging").activity();
    bench.advance(CONNECTED);
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s3", NEXT));
    bench.service.snapshotPublished("prod");
    bench.settle();
    bench.advance(Refreshing.LOOK_AGAIN);
    assertThat(bench.open("staging").socket()).isNotEqualTo(socket);
  }
}
