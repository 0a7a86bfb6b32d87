package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.source.Lag;
import dev.understudy.server.operate.Vocabulary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What there is: environments, snapshots, sources, the pool. Looked at for each scrape. */
final class StateMeters {
  private static final Logger LOG = LoggerFactory.getLogger(StateMeters.class);

  private final Cloner cloner;
  private final Supplier<? extends Collection<String>> sources;
  private final UnaryOperator<String> patternOf;
  private final MultiGauge environments;
  private final MultiGauge sessions;
  private final MultiGauge snapshots;
  private final MultiGauge dataTime;
  private final MultiGauge createdAt;
  private final MultiGauge lagBytes;
  private final MultiGauge lagSeconds;
  private final MultiGauge connected;

  /**
   * Meters of a registry.
   *
   * @param sources names of those of now
   */
  StateMeters(
      MeterRegistry registry,
      Cloner cloner,
      Supplier<? extends Collection<String>> sources,
      UnaryOperator<String> patternOf) {
    this.cloner = requireNonNull(cloner, "cloner is null");
    this.sources = requireNonNull(sources, "sources is null");
    this.patternOf = requireNonNull(patternOf, "patternOf is null");
    environments = gauge(registry, "understudy.environments", "Environments, by their state");
    sessions = gauge(registry, "understudy.sessions", "Sessions on environments, quiet ones too");
    snapshots = gauge(registry, "understudy.snapshots", "Snapshots that clones can be made of");
    dataTime =
        gauge(
            registry,
            "understudy.snapshot.data.time.seconds",
            "The moment of production that the newest snapshot shows, since 1970");
    createdAt =
        gauge(
            registry,
            "understudy.snapshot.created.seconds",
            "When the newest snapshot was cut, since 1970");
    lagBytes =
        gauge(
            registry,
            "understudy.replica.lag.bytes",
            "WAL of production that its standby has not replayed");
    lagSeconds =
        gauge(
            registry,
            "understudy.replica.lag.seconds",
            "Since the standby last had all of production's changes");
    connected =
        gauge(
            registry,
            "understudy.replica.connected",
            "1 while changes of production arrive at its standby");
    Gauge.builder("understudy.trash", cloner, trusted -> trusted.trash().size())
        .description("Dropped and replaced environments that can be had back")
        .register(registry);
    Gauge.builder("understudy.pool.free.bytes", cloner, StateMeters::freeBytes)
        .description("Bytes that can still be written to the pool")
        .register(registry);
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** Brings the meters up to date. By one thread at a time. */
  void look() {
    lookAtEnvironments();
    lookAtSources();
  }

  private void lookAtEnvironments() {
    List<EnvironmentStatus> all = cloner.environments();
    Map<Tags, Long> byState =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    status -> pattern(status).and("state", Vocabulary.state(status)),
                    Collectors.counting()));
    Map<Tags, Integer> open =
        all.stream()
            .collect(
                Collectors.groupingBy(
                    this::pattern, Collectors.summingInt(EnvironmentStatus::sessions)));
    environments.register(rows(byState), true);
    sessions.register(rows(open), true);
  }

  private Tags pattern(EnvironmentStatus status) {
    return Tags.of("pattern", patternOf.apply(status.name()));
  }

  private void lookAtSources() {
    Map<Tags, Number> count = new HashMap<>();
    List<MultiGauge.Row<?>> data = new ArrayList<>();
    List<MultiGauge.Row<?>> created = new ArrayList<>();
    List<MultiGauge.Row<?>> bytes = new ArrayList<>();
    List<MultiGauge.Row<?>> seconds = new ArrayList<>();
    List<MultiGauge.Row<?>> arrives = new ArrayList<>();
    for (String source : sources.get()) {
      Tags tags = Tags.of("source", source);
      List<Snapshot> all = cloner.snapshots(source);
      count.put(tags, all.size());
      if (!all.isEmpty()) {
        data.add(MultiGauge.Row.of(tags, all.getFirst().dataTime().getEpochSecond()));
        created.add(MultiGauge.Row.of(tags, all.getFirst().createdAt().getEpochSecond()));
      }
      Lag lag = cloner.lag(source).orElse(null);
      if (lag != null) {
        bytes.add(MultiGauge.Row.of(tags, lag.bytes()));
        seconds.add(MultiGauge.Row.of(tags, lag.time().toMillis() / 1e3));
        arrives.add(MultiGauge.Row.of(tags, lag.connected() ? 1 : 0));
      }
    }
    snapshots.register(rows(count), true);
    dataTime.register(data, true);
    createdAt.register(created, true);
    lagBytes.register(bytes, true);
    lagSeconds.register(seconds, true);
    connected.register(arrives, true);
  }

  private static Iterable<MultiGauge.Row<?>> rows(Map<Tags, ? extends Number> values) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    values.forEach((tags, value) -> rows.add(MultiGauge.Row.of(tags, value)));
    return rows;
  }

  private static double freeBytes(Cloner cloner) {
    try {
      return cloner.freeBytes();
    } catch (IOException e) {
      LOG.warn("How much is free in the pool cannot be read: {}", e.toString());
      return Double.NaN;
    }
  }
}
