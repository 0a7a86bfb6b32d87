package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.fake.FakeServer;
import dev.understudy.cloner.postgres.ServerException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class EnvironmentsTest {
  private Bench bench;

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void firstSessionMakesTheEnvironment() throws Exception {
    EnvironmentSession session = bench.open("pr-1");

    assertThat(session.environment()).isEqualTo("pr-1");
    assertThat(session.source()).isEqualTo("prod");
    assertThat(session.dataTime()).isEqualTo("2025-12-31T00:00:00Z");
    assertThat(session.creation()).isPresent();
    assertThat(session.socket()).isEqualTo(bench.servers.started.getFirst().socket());
    assertThat(bench.files("environments")).hasSize(1);
    assertThat(bench.files("clones")).hasSize(1);
  }

  @Test
  void secondSessionIsServedAtOnceByTheSameServer() throws Exception {
    EnvironmentSession first = bench.open("pr-1");

    CompletableFuture<EnvironmentSession> second = bench.environments.open("pr-1", "shop");

    assertThat(second).isDone();
    assertThat(second.get().socket()).isEqualTo(first.socket());
    assertThat(second.get().creation()).isEmpty();
  }

  @Test
  void manyWaitersOfManyNamesGetOneCloneEach() throws Exception {
    bench.servers.gate = new CountDownLatch(1);
    List<CompletableFuture<EnvironmentSession>> waiting = new ArrayList<>();
    for (int waiter = 0; waiter < 200; waiter++) {
      waiting.add(bench.environments.open("pr-" + waiter % 20, "shop"));
    }
    requireNonNull(bench.servers.gate).countDown();

    Set<Path> sockets = new HashSet<>();
    for (CompletableFuture<EnvironmentSession> waiter : waiting) {
      sockets.add(Bench.await(waiter).socket());
    }
    assertThat(sockets).hasSize(20);
    assertThat(bench.pool.copies).hasValue(20);
    assertThat(bench.environments.list()).hasSize(20);
  }

  @Test
  void failureIsToldToAllWhoWaitedAndTheNextTriesAnew() throws Exception {
    bench.servers.gate = new CountDownLatch(1);
    bench.servers.startFailure = new ServerException("it exited with code 1", "FATAL: no luck");
    CompletableFuture<EnvironmentSession> first = bench.environments.open("pr-1", "shop");
    CompletableFuture<EnvironmentSession> second = bench.environments.open("pr-1", "shop");
    requireNonNull(bench.servers.gate).countDown();

    EnvironmentUnavailable failure = failureOf(first);
    assertThat(failure).isSameAs(failureOf(second));
    assertThat(failure.kind()).isEqualTo(Kind.FAILED);
    assertThat(failure.sqlState()).isEqualTo("58000");
    assertThat(failure).hasMessage("environment \"pr-1\" could not be made");
    assertThat(failure.detail()).contains("it exited with code 1\nFATAL: no luck");
    assertThat(failure.hint()).isPresent();
    bench.settle();
    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.files("environments")).isEmpty();
    assertThat(bench.environments.list()).isEmpty();

    bench.servers.startFailure = null;
    assertThat(bench.open("pr-1").creation()).isPresent();
    assertThat(bench.pool.copies).hasValue(2);
  }

  @Test
  void waiterThatGoesAwayDoesNotStopTheCreation() throws Exception {
    bench.servers.gate = new CountDownLatch(1);
    CompletableFuture<EnvironmentSession> gone = bench.environments.open("pr-1", "shop");
    bench.servers.reachedGate.await();
    gone.cancel(true);
    requireNonNull(bench.servers.gate).countDown();
    bench.settle();

    assertThat(bench.environments.list())
        .singleElement()
        .satisfies(status -> {
          assertThat(status.running()).isTrue();
          assertThat(status.sessions()).isZero();
        });
  }

  @Test
  void fullPoolRefusesBeforeAnythingIsBegun() throws Exception {
    bench.pool.freeBytes = 100L << 20;

    EnvironmentUnavailable failure = failureOf(bench.environments.open("pr-1", "shop"));

    assertThat(failure.sqlState()).isEqualTo("53100");
    assertThat(failure.detail()).hasValueSatisfying(d -> assertThat(d).contains("100 MiB"));
    assertThat(bench.pool.copies).hasValue(0);
    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void plainCopiesSideBySideDoNotPromiseTheSameSpaceTwice() throws Exception {
    bench.pool.sharesBlocks = false;
    bench.pool.freeBytes = (1L << 30) + (300L << 20);
    bench.servers.gate = new CountDownLatch(1);
    CompletableFuture<EnvironmentSession> first = bench.environments.open("pr-1", "shop");
    bench.servers.reachedGate.await();

    assertThat(failureOf(bench.environments.open("pr-2", "shop")).kind())
        .isEqualTo(Kind.STORAGE_FULL);
    requireNonNull(bench.servers.gate).countDown();
    Bench.await(first);
    assertThat(bench.open("pr-2")).isNotNull();
  }

  @Test
  void poolThatFillsUpInTheMidstLeavesNothing() throws Exception {
    bench.pool.copyFailure = new IOException("write: No space left on device");

    EnvironmentUnavailable failure = failureOf(bench.environments.open("pr-1", "shop"));

    assertThat(failure.sqlState()).isEqualTo("53100");
    bench.settle();
    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void unknownDatabaseMakesNothing() throws Exception {
    EnvironmentUnavailable failure = failureOf(bench.environments.open("pr-1", "nope"));

    assertThat(failure.sqlState()).isEqualTo("3D000");
    assertThat(failure).hasMessage("database \"nope\" does not exist");
    assertThat(failure.hint()).contains("There are: postgres, shop");
    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void databaseMadeInTheEnvironmentIsNotForTheCheckToKnow() throws Exception {
    bench.open("pr-1").close();

    assertThat(Bench.await(bench.environments.open("pr-1", "made-later"))).isNotNull();
  }

  @Test
  void nameThatNoPolicyCoversIsRefused() throws Exception {
    assertThat(failureOf(bench.environments.open("other", "shop")).kind())
        .isEqualTo(Kind.UNKNOWN_ENVIRONMENT);
  }

  @Test
  void nameThatCouldLeaveTheDirectoryIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bench.environments.open("../pr-1", "shop"));
    assertThatIllegalArgumentException().isThrownBy(() -> bench.environments.drop("pr-1/.."));
  }

  @Test
  void sourceWithoutSnapshotSaysSo() throws Exception {
    bench.newest = Optional.empty();

    assertThat(failureOf(bench.environments.open("pr-1", "shop")).sqlState()).isEqualTo("57P03");
  }

  @Test
  void serverThatEndedIsStartedAgainOnItsData() throws Exception {
    Path socket = bench.open("pr-1").socket();
    bench.servers.started.getFirst().kill();

    EnvironmentSession session = bench.open("pr-1");

    assertThat(session.socket()).isEqualTo(socket);
    assertThat(session.creation()).isEmpty();
    assertThat(bench.pool.copies).hasValue(1);
    assertThat(bench.servers.started).hasSize(2);
  }

  @Test
  void serverThatDoesNotComeBackKeepsItsData() throws Exception {
    bench.open("pr-1").close();
    bench.servers.started.getFirst().kill();
    bench.servers.startFailure = new ServerException("it exited", "PANIC");

    assertThat(failureOf(bench.environments.open("pr-1", "shop")))
        .hasMessage("environment \"pr-1\" could not be started");
    bench.settle();
    assertThat(bench.pool.deletions).hasValue(0);

    bench.servers.startFailure = null;
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void serverThatEndsAtOnceEachTimeIsGivenUp() throws Exception {
    bench.servers.onStarted = FakeServer::kill;

    assertThat(failureOf(bench.environments.open("pr-1", "shop")).kind()).isEqualTo(Kind.FAILED);
    assertThat(bench.servers.started).hasSizeLessThan(6);
  }

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
  void openThatComesAfterADropWaitsForTheNextEnvironment() throws Exception {
    bench.servers.gate = new CountDownLatch(1);
    CompletableFuture<EnvironmentSession> before = bench.environments.open("pr-1", "shop");
    bench.servers.reachedGate.await();
    CompletableFuture<Boolean> drop = bench.environments.drop("pr-1");
    CompletableFuture<EnvironmentSession> after = bench.environments.open("pr-1", "shop");
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
  void endOfTheDaemonGivesUpWhatIsBeingMade() throws Exception {
    bench.open("pr-2").close();
    bench.servers.gate = new CountDownLatch(1);
    CompletableFuture<EnvironmentSession> waiting = bench.environments.open("pr-1", "shop");
    CompletableFuture<Boolean> drop = bench.environments.drop("pr-1");
    bench.servers.reachedGate.await();

    bench.close();

    assertThat(failureOf(waiting).kind()).isEqualTo(Kind.SHUTTING_DOWN);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> drop.get(10, TimeUnit.SECONDS));
    assertThat(failureOf(bench.environments.open("pr-2", "shop")).sqlState()).isEqualTo("57P01");
    assertThat(bench.files("clones")).hasSize(1);
    assertThat(bench.servers.running).hasSize(1);
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

  private static EnvironmentUnavailable failureOf(CompletableFuture<?> future) throws Exception {
    try {
      Object value = future.get(10, TimeUnit.SECONDS);
      throw new AssertionError("no failure but " + value);
    } catch (ExecutionException e) {
      return (EnvironmentUnavailable) requireNonNull(e.getCause());
    }
  }

  @Test
  void errorIsToldAndWedgesNothing() throws Exception {
    bench.servers.onStarted =
        server -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    assertThat(bench.environments.open("pr-1", "shop"))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(EnvironmentUnavailable.class);

    bench.servers.onStarted = server -> {};
    assertThat(bench.open("pr-1").creation()).isPresent();
    assertThat(Bench.await(bench.environments.drop("pr-1"))).isTrue();
  }
}
