package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.source.Lag;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/** What sources have, and how old it is. Looked at for each scrape. */
final class SourceMeters {
  private final Supplier<? extends Collection<String>> sources;
  private final Function<String, List<Snapshot>> snapshotsOf;
  private final Function<String, Optional<Lag>> lagOf;
  private final ToIntFunction<String> sparesOf;
  private final MultiGauge spares;
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
   * @param snapshotsOf that may serve, newest first, by name of a source; cheap, as is the next
   * @param lagOf its standby; empty: there is none
   * @param sparesOf how many are ready
   */
  SourceMeters(
      MeterRegistry registry,
      Supplier<? extends Collection<String>> sources,
      Function<String, List<Snapshot>> snapshotsOf,
      Function<String, Optional<Lag>> lagOf,
      ToIntFunction<String> sparesOf) {
    this.sources = requireNonNull(sources, "sources is null");
    this.snapshotsOf = requireNonNull(snapshotsOf, "snapshotsOf is null");
    this.lagOf = requireNonNull(lagOf, "lagOf is null");
    this.sparesOf = requireNonNull(sparesOf, "sparesOf is null");
    spares = gauge(registry, "understudy.spares", "Clones that run and wait for a name");
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
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** Brings the meters up to date. By one thread at a time. */
  void look() {
    List<MultiGauge.Row<?>> ready = new ArrayList<>();
    List<MultiGauge.Row<?>> count = new ArrayList<>();
    List<MultiGauge.Row<?>> data = new ArrayList<>();
    List<MultiGauge.Row<?>> created = new ArrayList<>();
    List<MultiGauge.Row<?>> bytes = new ArrayList<>();
    List<MultiGauge.Row<?>> seconds = new ArrayList<>();
    List<MultiGauge.Row<?>> arrives = new ArrayList<>();
    for (String source : sources.get()) {
      Tags tags = Tags.of("source", source);
      List<Snapshot> all = snapshotsOf.apply(source);
      ready.add(MultiGauge.Row.of(tags, sparesOf.applyAsInt(source)));
      count.add(MultiGauge.Row.of(tags, all.size()));
      if (!all.isEmpty()) {
        data.add(MultiGauge.Row.of(tags, all.getFirst().dataTime().getEpochSecond()));
        created.add(MultiGauge.Row.of(tags, all.getFirst().createdAt().getEpochSecond()));
      }
      Lag lag = lagOf.apply(source).orElse(null);
      if (lag != null) {
        bytes.add(MultiGauge.Row.of(tags, lag.bytes()));
        seconds.add(MultiGauge.Row.of(tags, lag.time().toMillis() / 1e3));
        arrives.add(MultiGauge.Row.of(tags, lag.connected() ? 1 : 0));
      }
    }
    spares.register(ready, true);
    snapshots.register(count, true);
    dataTime.register(data, true);
    createdAt.register(created, true);
    lagBytes.register(bytes, true);
    lagSeconds.register(seconds, true);
    connected.register(arrives, true);
  }
}
