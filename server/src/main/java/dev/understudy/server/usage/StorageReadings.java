package dev.understudy.server.usage;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * its own when others go. What was never measured comes first. After each it rests for 29 times as
 * long as that took, and only as long where somebody waits to see it for the first time. Who wants
 * to know of one alone has it measured at once, a few at a time. Thread-safe.
 */
public final class StorageReadings implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StorageReadings.class);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration RUNNING = Duration.ofMinutes(5);
  private static final Duration SLEEPING = Duration.ofHours(1);
  private static final int REST = 29;

  /** That are measured at once for who asks for one alone. */
  private static final int AT_ONCE = 2;

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Supplier<List<EnvironmentStatus>> environments;
  private final Measure measure;
  private final Rest rest;
  private final LongSupplier nanoTime;
  private final ConcurrentMap<String, Reading> readings = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(AT_ONCE);

  /** Clones that were asked for and not measured yet. */
  private final Set<String> wanted = ConcurrentHashMap.newKeySet();

  private @Nullable Thread thread;

  /** What was measured of a clone, and while it ran or did not. */
  private record Reading(String target, Usage usage, boolean ran, long nanos) {}

  /** Measures an environment; empty where it has no clone. Blocks. */
  @FunctionalInterface
  public interface Measure {
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
    return begin(cloner::environments, cloner::usage);
  }

  /**
   * The same.
   *
   * @param measure is asked by several threads
   */
  public static StorageReadings begin(
      Supplier<List<EnvironmentStatus>> environments, Measure measure) {
    StorageReadings begun =
        new StorageReadings(environments, measure, Thread::sleep, System::nanoTime);
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
    Set<String> tried = new HashSet<>();
    EnvironmentStatus next = next(tried);
    while (next != null) {
      String clone = requireNonNull(next.target(), "target is null");
      tried.add(clone);
      boolean isAwaited = wanted.remove(clone);
      long began = nanoTime.getAsLong();
      measure(next, clone);
      rest.take(Duration.ofNanos(nanoTime.getAsLong() - began).multipliedBy(isAwaited ? 1 : REST));
      next = next(tried);
    }
  }

  /** Looks anew, as what has come meanwhile may be more urgent. */
  private @Nullable EnvironmentStatus next(Set<String> tried) {
    List<EnvironmentStatus> all = environments.get();
    readings
        .keySet()
        .retainAll(all.stream().map(EnvironmentStatus::name).collect(Collectors.toSet()));
    wanted.retainAll(all.stream().map(EnvironmentStatus::target).collect(Collectors.toSet()));
    return all.stream()
        .filter(environment -> isDue(environment) && !tried.contains(environment.target()))
        .min(Comparator.comparingInt(this::urgency))
        .orElse(null);
  }

  private int urgency(EnvironmentStatus environment) {
    if (of(environment).isPresent()) {
      return 2;
    }
    return wanted.contains(String.valueOf(environment.target())) ? 0 : 1;
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

  private void measure(EnvironmentStatus environment, String clone) throws InterruptedException {
    try {
      read(environment, clone);
    } catch (InterruptedIOException e) {
      throw new InterruptedException("interrupted while measuring " + clone);
    } catch (IOException | RuntimeException e) {
      // It may just be going; if not, its turn comes again.
      LOG.debug("environment {} could not be measured", environment.name(), e);
    }
  }

  private Optional<Usage> read(EnvironmentStatus environment, String clone) throws IOException {
    long began = nanoTime.getAsLong();
    Optional<Usage> usage = measure.of(environment.name());
    usage.ifPresent(read ->
        readings.put(environment.name(), new Reading(clone, read, environment.running(), began)));
    return usage;
  }

  /**
   * What an environment takes now, or took since this was called. Blocks, for some tenths of a
   * second where nobody else asks.
   *
   * @return empty: it has no clone
   * @throws TimeoutException if so many are measured that its turn does not come soon
   */
  public Optional<Usage> now(EnvironmentStatus environment)
      throws IOException, InterruptedException, TimeoutException {
    String clone = environment.target();
    if (clone == null) {
      return Optional.empty();
    }
    long asked = nanoTime.getAsLong();
    if (!places.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException("too many environments are measured at once");
    }
    try {
      Reading last = readings.get(environment.name());
      return last != null && last.target().equals(clone) && last.nanos() - asked >= 0
          ? Optional.of(last.usage())
          : read(environment, clone);
    } catch (InterruptedIOException e) {
      throw new InterruptedException("interrupted while measuring " + clone);
    } finally {
      places.release();
    }
  }

  /** As {@link #of}, for somebody who looks: what was not measured yet is so next. Cheap. */
  public Optional<Usage> lately(EnvironmentStatus environment) {
    Optional<Usage> known = of(environment);
    String clone = environment.target();
    if (known.isEmpty() && clone != null) {
      wanted.add(clone);
    }
    return known;
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
