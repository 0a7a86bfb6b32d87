package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.CutStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** How it goes to cut snapshots. Looked at for each scrape. */
final class SnapshotMeters {
  private final MeterRegistry registry;
  private final Supplier<? extends Collection<String>> sources;
  private final Function<String, CutStatistics> statistics;
  private final MultiGauge duration;

  /**
   * Meters of a registry.
   *
   * @param sources names of those of now
   * @param statistics by name of a source; cheap
   */
  SnapshotMeters(
      MeterRegistry registry,
      Supplier<? extends Collection<String>> sources,
      Function<String, CutStatistics> statistics) {
    this.registry = requireNonNull(registry, "registry is null");
    this.sources = requireNonNull(sources, "sources is null");
    this.statistics = requireNonNull(statistics, "statistics is null");
    this.duration =
        MultiGauge.builder("understudy.snapshot.duration.seconds")
            .description("How long cutting the last snapshot has taken, its copy included")
            .register(registry);
  }

  /** Brings the meters up to date. By one thread at a time. */
  void look() {
    List<MultiGauge.Row<?>> last = new ArrayList<>();
    for (String source : sources.get()) {
      Duration took = statistics.apply(source).last();
      if (took != null) {
        last.add(MultiGauge.Row.of(Tags.of("source", source), took.toMillis() / 1e3));
      }
      FunctionCounter.builder(
              "understudy.snapshots.cut", statistics, all -> all.apply(source).cut())
          .description("Snapshots that were cut")
          .tag("source", source)
          .register(registry);
      FunctionCounter.builder(
              "understudy.snapshots.failed", statistics, all -> all.apply(source).failed())
          .description("Attempts to cut a snapshot that failed")
          .tag("source", source)
          .register(registry);
    }
    duration.register(last, true);
  }
}
