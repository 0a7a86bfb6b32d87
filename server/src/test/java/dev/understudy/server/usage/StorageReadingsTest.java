package dev.understudy.server.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.CloneState;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
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

  private static EnvironmentStatus environment(String name, String clone, boolean running) {
    return new EnvironmentStatus(
        name,
        "prod",
        Instant.EPOCH,
        "s1",
        clone,
        running ? CloneState.RUNNING : CloneState.SUSPENDED,
        running,
        0,
        Instant.EPOCH,
        Instant.EPOCH,
        "app",
        null,
        false,
        null);
  }
}
