package dev.understudy.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.server.SampleEnvironment;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StorageReadingsTest {
  private final List<EnvironmentStatus> environments = new ArrayList<>();
  private final List<String> measured = new ArrayList<>();
  private final List<Duration> rests = new ArrayList<>();
  private final AtomicLong nanoTime = new AtomicLong();
  private long bytes = 5;

  private final StorageReadings readings =
      new StorageReadings(() -> environments, this::measure, rests::add, nanoTime::get);

  @Test
  void whatRunsIsMeasuredEveryFiveMinutes() throws Exception {
    environments.add(environment("pr-1", "c1", true));
    assertThat(readings.of(environments.getFirst())).isEmpty();
    readings.round();
    readings.round();
    assertThat(measured).containsExactly("pr-1");
    assertThat(readings.of(environments.getFirst())).contains(new Usage(5, 100));

    bytes = 6;
    pass(Duration.ofMinutes(5));
    readings.round();
    assertThat(readings.of(environments.getFirst())).contains(new Usage(6, 100));
  }

  @Test
  void whatSleepsIsMeasuredOnceAndThenSeldom() throws Exception {
    environments.add(environment("pr-1", "c1", true));
    readings.round();
    environments.set(0, environment("pr-1", "c1", false));
    readings.round();
    readings.round();
    assertThat(measured).hasSize(2);
    pass(Duration.ofMinutes(59));
    readings.round();
    assertThat(measured).hasSize(2);
    pass(Duration.ofMinutes(1));
    readings.round();
    assertThat(measured).hasSize(3);
  }

  @Test
  void whatWasReplacedIsMeasuredAnew() throws Exception {
    environments.add(environment("pr-1", "c1", false));
    readings.round();
    environments.set(0, environment("pr-1", "c2", false));
    assertThat(readings.of(environments.getFirst())).isEmpty();
    readings.round();
    assertThat(readings.of(environments.getFirst())).isPresent();
  }

  @Test
  void afterEachItRestsFor29TimesAsLong() throws Exception {
    environments.add(environment("pr-1", "c1", true));
    environments.add(environment("pr-2", "c2", true));
    readings.round();

    assertThat(rests).containsExactly(Duration.ofMillis(290), Duration.ofMillis(290));
  }

  @Test
  void whatCannotBeMeasuredHoldsNobodyUp() throws Exception {
    environments.add(environment("broken", "c1", true));
    environments.add(environment("pr-2", "c2", true));
    readings.round();

    assertThat(readings.of(environments.getFirst())).isEmpty();
    assertThat(readings.of(environments.getLast())).isPresent();
  }

  @Test
  void whatWasNeverMeasuredComesFirst() throws Exception {
    environments.add(environment("pr-1", "c1", true));
    readings.round();
    pass(Duration.ofMinutes(5));
    environments.add(environment("pr-2", "c2", true));
    environments.add(environment("pr-3", "c3", true));
    assertThat(readings.lately(environments.getLast())).isEmpty();
    readings.round();

    assertThat(measured).containsExactly("pr-1", "pr-3", "pr-2", "pr-1");
    assertThat(rests.subList(1, 4))
        .as("somebody waits to see the first of them")
        .containsExactly(Duration.ofMillis(10), Duration.ofMillis(290), Duration.ofMillis(290));
  }

  @Test
  void whoAsksForOneAloneIsToldOfNow() throws Exception {
    environments.add(environment("pr-1", "c1", true));
    readings.round();
    bytes = 6;
    assertThat(readings.now(environments.getFirst())).contains(new Usage(6, 100));
    assertThat(readings.lately(environments.getFirst())).contains(new Usage(6, 100));
    assertThat(readings.now(environment("pr-2", null, false))).isEmpty();
    assertThat(measured).containsExactly("pr-1", "pr-1");
  }

  @Test
  void howeverManyAskTwoAreMeasuredAtOnce() throws Exception {
    AtomicInteger measuring = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier both = new CyclicBarrier(2);
    StorageReadings.Measure measure =
        _ -> {
          most.accumulateAndGet(measuring.incrementAndGet(), Math::max);
          try {
            both.await(20, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IOException(e);
          } finally {
            measuring.decrementAndGet();
          }
          return Optional.of(new Usage(5, 100));
        };
    StorageReadings asked =
        new StorageReadings(() -> environments, measure, rests::add, System::nanoTime);
    try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<Usage>>> answers = new ArrayList<>();
      for (int number = 0; number < 10; number++) {
        EnvironmentStatus one = environment("pr-" + number, "c" + number, true);
        answers.add(askers.submit(() -> asked.now(one)));
      }
      for (Future<Optional<Usage>> answer : answers) {
        assertThat(answer.get(20, TimeUnit.SECONDS)).contains(new Usage(5, 100));
      }
    }
    assertThat(most).hasValue(2);
  }

  private Optional<Usage> measure(String environment) throws IOException {
    measured.add(environment);
    pass(Duration.ofMillis(10));
    if (environment.equals("broken")) {
      throw new IOException("it has gone");
    }
    return Optional.of(new Usage(bytes, 100));
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  private static EnvironmentStatus environment(
      String name, @Nullable String clone, boolean running) {
    return SampleEnvironment.named(name).onClone(clone).running(running).status();
  }
}
