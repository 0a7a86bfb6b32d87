package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.postgres.ServerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Making, sharing, and what happens to those who wait. */
final class EnvironmentsTest extends BenchFixture {
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

    CompletableFuture<EnvironmentSession> second =
        bench.environments.open(new EnvironmentRequest("pr-1", "shop"));

    assertThat(second).isDone();
    assertThat(second.get().socket()).isEqualTo(first.socket());
    assertThat(second.get().creation()).isEmpty();
    assertThat(second.get().effect()).isEmpty();
  }

  @Test
  void manyWaitersOfManyNamesGetOneCloneEach() throws Exception {
    bench.servers.gate = new CountDownLatch(1);
    List<CompletableFuture<EnvironmentSession>> waiting = new ArrayList<>();
    for (int waiter = 0; waiter < 200; waiter++) {
      waiting.add(bench.environments.open(new EnvironmentRequest("pr-" + waiter % 20, "shop")));
    }
    requireNonNull(bench.servers.gate).countDown();

    Set<Path> sockets = new HashSet<>();
    List<String> creators = new ArrayList<>();
    for (CompletableFuture<EnvironmentSession> waiter : waiting) {
      EnvironmentSession session = Bench.await(waiter);
      sockets.add(session.socket());
      session.effect().ifPresent(effect -> creators.add(effect + " " + session.environment()));
    }
    assertThat(sockets).hasSize(20);
    assertThat(creators)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 20).mapToObj(i -> "CREATED pr-" + i).toList());
    assertThat(bench.pool.copies).hasValue(20);
    assertThat(bench.environments.list()).hasSize(20);
  }

  @Test
  void failureIsToldToAllWhoWaitedAndTheNextTriesAnew() throws Exception {
    bench.servers.gate = new CountDownLatch(1);
    bench.servers.startFailure = new ServerException("it exited with code 1", "FATAL: no luck");
    CompletableFuture<EnvironmentSession> first =
        bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
    CompletableFuture<EnvironmentSession> second =
        bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
    requireNonNull(bench.servers.gate).countDown();

    EnvironmentUnavailable failure = Bench.failureOf(first);
    assertThat(failure).isSameAs(Bench.failureOf(second));
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
    CompletableFuture<EnvironmentSession> gone =
        bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
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
  void errorIsToldAndWedgesNothing() throws Exception {
    bench.servers.onStarted =
        server -> {
          throw new OutOfMemoryError("unable to create native thread");
        };
    assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop")))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(EnvironmentUnavailable.class);

    bench.servers.onStarted = server -> {};
    assertThat(bench.open("pr-1").creation()).isPresent();
    assertThat(Bench.await(bench.environments.drop("pr-1"))).isTrue();
  }

  @Test
  void endOfTheDaemonGivesUpWhatIsBeingMade() throws Exception {
    bench.open("pr-2").close();
    bench.servers.gate = new CountDownLatch(1);
    CompletableFuture<EnvironmentSession> waiting =
        bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
    CompletableFuture<Boolean> drop = bench.environments.drop("pr-1");
    bench.servers.reachedGate.await();

    bench.close();

    assertThat(Bench.failureOf(waiting).kind()).isEqualTo(Kind.SHUTTING_DOWN);
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> drop.get(10, TimeUnit.SECONDS));
    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-2", "shop")))
                .sqlState())
        .isEqualTo("57P01");
    assertThat(bench.files("clones")).hasSize(1);
    assertThat(bench.servers.running).hasSize(1);
  }
}
