package dev.understudy.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.proxy.console.ConsoleResult;
import dev.understudy.server.SampleEnvironment;
import dev.understudy.server.operate.Actor;
import dev.understudy.server.usage.StorageReadings;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CloneViewsTest {
  private static final Actor ACTOR = new Actor("root", "root", true, "console", "here");

  private final List<EnvironmentStatus> environments =
      IntStream.range(0, 20).mapToObj(CloneViewsTest::environment).toList();
  private final AtomicInteger measuring = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);

  @Test
  void thoseThatNobodyWaitsForMeasureNothing() throws Exception {
    try (StorageReadings storage = StorageReadings.begin(() -> environments, this::measure)) {
      View<EnvironmentStatus> view = new CloneViews(_ -> environments, storage).clones(ACTOR);
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      List<CompletableFuture<ConsoleResult>> shown =
          Stream.generate(view::execute).limit(10).toList();
      for (CompletableFuture<ConsoleResult> one : shown) {
        assertThat(one.get(20, TimeUnit.SECONDS).rows())
            .hasSize(20)
            .allSatisfy(row -> assertThat(row.subList(3, 5)).containsOnlyNulls());
      }
      Stream.generate(view::execute).limit(10).forEach(one -> one.cancel(true));
      mayEnd.countDown();
      // What was asked for is measured without the long rests between, by the one thread.
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (environments.stream().anyMatch(one -> storage.of(one).isEmpty())) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.onSpinWait();
      }
      assertThat(view.execute().get(20, TimeUnit.SECONDS).rows())
          .allSatisfy(row -> assertThat(row.subList(3, 5)).containsExactly(5L, 100L));
    }
    assertThat(most).hasValue(1);
  }

  private Optional<Usage> measure(String environment) {
    most.accumulateAndGet(measuring.incrementAndGet(), Math::max);
    begun.countDown();
    try {
      mayEnd.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      measuring.decrementAndGet();
    }
    return Optional.of(new Usage(5, 100));
  }

  private static EnvironmentStatus environment(int number) {
    return SampleEnvironment.named("pr-" + number).onClone("c" + number).status();
  }
}
