package dev.understudy.server.usage;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.clone.Work;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what environments use, by looking at all that run every fifteen seconds and writing down
 * what has come since: more than that is not lost, however the daemon ends. What runs while there
 * is no daemon counts for nothing, and so does the end of what ends between two looks. Nobody waits
 * for it: it reads files of the kernel and asks no server. Thread-safe.
 */
public final class Accounting implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Accounting.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

  /** Who asks more often gets the same. */
  private static final Duration FRESH = Duration.ofMillis(200);

  private final Ground ground;
  private final UsageLedger ledger;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final long beginNanos;
  private long lookedNanos;

  /** By name of the environment, also of those that sleep, or could not be asked last time. */
  private final Map<String, Counted> counted = new HashMap<>();

  private @Nullable Thread thread;

  /**
   * What it looks at.
   *
   * @param work of an environment's server; empty where it does not run
   * @param storage of an environment, as it was measured last
   * @param patternOf that covers an environment; cheap
   */
  record Ground(
      Supplier<List<EnvironmentStatus>> environments,
      Worker work,
      Function<EnvironmentStatus, Optional<Usage>> storage,
      Function<String, String> patternOf) {
    Ground {
      requireNonNull(environments, "environments is null");
      requireNonNull(work, "work is null");
      requireNonNull(storage, "storage is null");
      requireNonNull(patternOf, "patternOf is null");
    }
  }

  /** What of a meter was counted already. */
  private record Counted(String meter, Duration processorTime) {}

  /** Tells what the server of an environment has done. */
  @FunctionalInterface
  interface Worker {
    Optional<Work> of(String environment) throws IOException;
  }

  Accounting(Ground ground, UsageLedger ledger, InstantSource clock, LongSupplier nanoTime) {
    this.ground = requireNonNull(ground, "ground is null");
    this.ledger = requireNonNull(ledger, "ledger is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.beginNanos = nanoTime.getAsLong();
    this.lookedNanos = beginNanos;
  }

  /**
   * Counts until it is closed, which must be before the cloner is.
   *
   * @param storage stays open until this is closed
   * @param patternOf that covers an environment; cheap
   * @param dataDirectory open here
   */
  public static Accounting begin(
      Cloner cloner,
      StorageReadings storage,
      Function<String, String> patternOf,
      Path dataDirectory) {
    Accounting begun =
        new Accounting(
            new Ground(cloner::environments, cloner::work, storage::of, patternOf),
            new UsageLedger(dataDirectory.resolve("usage")),
            InstantSource.system(),
            System::nanoTime);
    begun.look();
    begun.thread = Thread.ofPlatform().daemon().name("usage").start(begun::run);
    return begun;
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(LOOK_EVERY);
        try {
          look();
        } catch (RuntimeException e) {
          LOG.warn("what environments use could not be counted", e);
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Counts what has come since the last look. */
  synchronized void look() {
    long now = nanoTime.getAsLong();
    Duration elapsed = Duration.ofNanos(now - lookedNanos);
    Duration begun = Duration.ofNanos(now - beginNanos);
    Map<Party, Amount> amounts = new HashMap<>();
    List<EnvironmentStatus> all = ground.environments().get();
    counted
        .keySet()
        .retainAll(all.stream().map(EnvironmentStatus::name).collect(Collectors.toSet()));
    for (EnvironmentStatus environment : all) {
      Party party = new Party(environment.owner(), ground.patternOf().apply(environment.name()));
      long bytes = ground.storage().apply(environment).map(Usage::exclusiveBytes).orElse(0L);
      Work work = work(environment);
      Amount amount =
          work == null
              ? new Amount(0, 0, bytes)
              : new Amount(
                  shorter(elapsed, work.age()).toMillis(),
                  newWork(environment.name(), work, begun).toMillis(),
                  bytes);
      amounts.merge(party, amount, Amount::beside);
    }
    lookedNanos = now;
    ledger.add(today(), amounts);
  }

  private @Nullable Work work(EnvironmentStatus environment) {
    try {
      return ground.work().of(environment.name()).orElse(null);
    } catch (IOException | RuntimeException e) {
      LOG.debug("what environment {} has done is not known", environment.name(), e);
      return null;
    }
  }

  /**
   * What of it was not counted yet. What ran before there was this daemon was counted by the one
   * before.
   */
  private Duration newWork(String environment, Work work, Duration begun) {
    Counted known = counted.get(environment);
    Duration before;
    if (known != null && known.meter().equals(work.meter())) {
      before = known.processorTime();
    } else {
      before = work.age().compareTo(begun) > 0 ? work.processorTime() : Duration.ZERO;
    }
    Duration now = work.processorTime().compareTo(before) > 0 ? work.processorTime() : before;
    counted.put(environment, new Counted(work.meter(), now));
    return now.minus(before);
  }

  private static Duration shorter(Duration one, Duration other) {
    Duration shorter = one.compareTo(other) < 0 ? one : other;
    return shorter.isNegative() ? Duration.ZERO : shorter;
  }

  /** The last day that something counts for now. */
  public LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /**
   * What was used until now, the earliest day first. Days are those of UTC. Blocks.
   *
   * @param from the first day that is wanted
   * @param to the last
   */
  public synchronized List<UsageRow> between(LocalDate from, LocalDate to) {
    if (nanoTime.getAsLong() - lookedNanos > FRESH.toNanos()) {
      look();
    }
    return ledger.between(from, to);
  }

  /** All is written down when this returns. Idempotent. */
  @Override
  public void close() {
    Thread counting = thread;
    if (counting == null) {
      return;
    }
    ThreadEnd.await(counting);
    thread = null;
    // It would be in the way of reading files.
    boolean interrupted = Thread.interrupted();
    look();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
