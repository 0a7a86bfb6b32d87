package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.record.EnvironmentRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Environments that somebody drops. */
final class DroppingTest extends BenchFixture {
  @Test
  void droppedEnvironmentIsGoneAndTheNextOneIsNew() throws Exception {
    Path socket = bench.open("pr-1").socket();

    assertThat(Bench.await(bench.environments.drop("pr-1"))).isTrue();

    assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();
    bench.settle();
    assertThat(bench.files("environments")).isEmpty();
    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.files("run")).isEmpty();
    EnvironmentSession next = bench.open("pr-1");
    assertThat(next.creation()).isPresent();
    assertThat(next.socket()).isNotEqualTo(socket);
  }

  @Test
  void dropOfNothingSaysSo() throws Exception {
    assertThat(Bench.await(bench.environments.drop("pr-1"))).isFalse();
  }

  @Test
  void whatIsBeingMadeIsDroppedIfItMayBeOnceItIsThere() throws Exception {
    assertThat(bench.environments.isComing("pr-1")).isFalse();
    bench.servers.gate = new CountDownLatch(1);
    CompletableFuture<EnvironmentRecord> made =
        bench.environments.create("pr-1", new CreateFrom.Policy(), "app");
    bench.servers.reachedGate.await();
    assertThat(bench.environments.isComing("pr-1")).isTrue();
    CompletableFuture<Boolean> others =
        bench.environments.drop("pr-1", record -> "other".equals(record.owner()));
    CompletableFuture<Boolean> own =
        bench.environments.drop("pr-1", record -> "app".equals(record.owner()));
    requireNonNull(bench.servers.gate).countDown();

    assertThat(Bench.await(made).owner()).isEqualTo("app");
    assertThat(Bench.await(others)).isFalse();
    assertThat(Bench.await(own)).isTrue();
    assertThat(bench.environments.list()).isEmpty();
    bench.settle();
    assertThat(bench.environments.isComing("pr-1")).isFalse();
  }

  @Test
  void openThatComesAfterADropWaitsForTheNextEnvironment() throws Exception {
    bench.servers.gate = new CountDownLatch(1);
    CompletableFuture<EnvironmentSession> before =
        bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
    bench.servers.reachedGate.await();
    CompletableFuture<Boolean> drop = bench.environments.drop("pr-1");
    CompletableFuture<EnvironmentSession> after =
        bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
    requireNonNull(bench.servers.gate).countDown();

    assertThat(Bench.await(drop)).isTrue();
    Path living = Bench.await(after).socket();
    assertThat(bench.servers.running).hasSize(1);
    assertThat(bench.servers.started).hasSize(2);
    assertThat(living).isEqualTo(bench.servers.started.getLast().socket());
    // Who came before the drop and had not been served yet is not given a dying server either.
    assertThat(Bench.await(before).socket()).isEqualTo(living);
  }

  @Test
  void dropAndOpenHammeredSideBySideNeverHandOutADeadServer() throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 8; i++) {
      boolean drops = i % 4 == 0;
      threads.add(
          Thread.startVirtualThread(() -> {
            try {
              for (int round = 0; round < 100; round++) {
                if (drops) {
                  Bench.await(bench.environments.drop("pr-1"));
                } else {
                  bench.open("pr-1").close();
                }
              }
            } catch (Exception e) {
              failures.add(e);
            }
          }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    bench.settle();
    assertThat(bench.files("clones")).hasSameSizeAs(bench.environments.list());
    assertThat(bench.servers.running).hasSameSizeAs(bench.environments.list());
  }

  @Test
  void namesThatCameAndWentAreForgotten() throws Exception {
    for (int i = 0; i < 50; i++) {
      bench.open("pr-" + i).close();
      Bench.await(bench.environments.drop("pr-" + i));
    }
    bench.settle();

    assertThat(bench.environments.size()).isZero();
    assertThat(bench.alarms.count()).isZero();
  }
}
