package dev.understudy.server.usage;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each environment takes of the pool, as it was measured last. Measuring may read the map of
 * every file's blocks, so one thread does it for all who want to know: of what runs every five
 * minutes, of what sleeps when it has gone to sleep and then every hour, as what it shares becomes
 * its own when others go. After each it rests for 29 times as long as that took. Thread-safe.
 */
public final class StorageReadings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StorageReadings.class);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration RUNNING = Duration.ofMinutes(5);
  private static final Duration SLEEPING = Duration.ofHours(1);
  private static final int REST = 29;

  private final Supplier<List<EnvironmentStatus>> environments;
  private final Measure measure;
  private final Rest rest;
  private final LongSupplier nanoTime;
  private final ConcurrentMap<String, Reading> readings = new ConcurrentHashMap<>();
  private @Nullable Thread thread;

  /** What was measured of a clone, and while it ran or did not. */
  private record Reading(String target, Usage usage, boolean ran, long nanos) {}

  /** Measures an environment; empty where it has no clone. Blocks. */
  @FunctionalInterface
  interface Measure {
    Optional<Usage> of(String environment) throws IOException;
  }

  /** Passes some time. */
  @FunctionalInterface
  interface Rest {
    void take(Duration time) throws InterruptedException;
  }

  StorageReadings(
      Supplier<List<EnvironmentStatus>> environments,
      Measure measure,
      Rest rest,
      LongSupplier nanoTime) {
    this.environments = requireNonNull(environments, "environments is null");
    this.measure = requireNonNull(measure, "measure is null");
    this.rest = requireNonNull(rest, "rest is null");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
  }

  /** Measures until it is closed, which must be before the cloner is. */
  public static StorageReadings begin(Cloner cloner) {
    StorageReadings begun =
        new StorageReadings(cloner::environments, cloner::usage, Thread::sleep, System::nanoTime);
    begun.thread = Thread.ofVirtual().name("storage").start(begun::run);
    return begun;
  }

  private void run() {
    try {
      while (true) {
        try {
          round();
        } catch (RuntimeException e) {
          LOG.warn("what environments take of the pool could not be measured", e);
        }
        rest.take(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Measures all whose time it is, and forgets those that are gone. */
  void round() throws InterruptedException {
    List<EnvironmentStatus> all = environments.get();
    readings
        .keySet()
        .retainAll(all.stream().map(EnvironmentStatus::name).collect(Collectors.toSet()));
    for (EnvironmentStatus environment : all) {
      if (isDue(environment)) {
        long began = nanoTime.getAsLong();
        measure(environment);
        rest.take(Duration.ofNanos(nanoTime.getAsLong() - began).multipliedBy(REST));
      }
    }
  }

  private boolean isDue(EnvironmentStatus environment) {
    Reading last = readings.get(environment.name());
    if (environment.target() == null) {
      return false;
    }
    if (last == null || !last.target().equals(environment.target())) {
      return true;
    }
    Duration age = Duration.ofNanos(nanoTime.getAsLong() - last.nanos());
    return environment.running() != last.ran()
        ? !environment.running() || age.compareTo(RUNNING) >= 0
        : age.compareTo(environment.running() ? RUNNING : SLEEPING) >= 0;
  }

  private void measure(EnvironmentStatus environment) throws InterruptedException {
    String clone = requireNonNull(environment.target(), "target is null");
    try {
      Optional<Usage> usage = measure.of(environment.name());
      if (usage.isPresent()) {
        readings.put(
            environment.name(),
            new Reading(clone, usage.get(), environment.running(), nanoTime.getAsLong()));
      }
    } catch (InterruptedIOException e) {
      throw new InterruptedException("interrupted while measuring " + clone);
    } catch (IOException | RuntimeException e) {
      // It may just be going; if not, its turn comes again.
      LOG.debug("environment {} could not be measured", environment.name(), e);
    }
  }

  /** Empty where the clone that it has now was not measured yet. Cheap. */
  public Optional<Usage> of(EnvironmentStatus environment) {
    Reading last = readings.get(environment.name());
    return last != null && last.target().equals(environment.target())
        ? Optional.of(last.usage())
        : Optional.empty();
  }

  /** Nothing is measured any more when this returns. Idempotent. */
  @Override
  public void close() {
    Thread measuring = thread;
    if (measuring != null) {
      ThreadEnd.await(measuring);
    }
  }
}
