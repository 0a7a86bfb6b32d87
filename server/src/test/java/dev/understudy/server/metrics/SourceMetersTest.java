package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.source.Lag;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void theNewestSnapshotIsTold() {
    look(Map.of("prod", List.of(snapshot(200), snapshot(100)), "old", List.of()), Optional.empty());

    assertThat(registry.scrape().lines())
        .contains(
            "understudy_spares{source=\"prod\"} 2.0",
            "understudy_snapshots{source=\"prod\"} 2.0",
            "understudy_snapshots{source=\"old\"} 0.0",
            "understudy_snapshot_data_time_seconds{source=\"prod\"} 200.0",
            "understudy_snapshot_created_seconds{source=\"prod\"} 205.0")
        .noneMatch(line -> line.startsWith("understudy_snapshot_") && line.contains("\"old\""))
        .noneMatch(line -> line.startsWith("understudy_replica_"));
  }

  @Test
  void howFarAStandbyIsBehindIsTold() {
    look(Map.of("prod", List.of()), Optional.of(new Lag(4096, Duration.ofMillis(1500), false)));

    assertThat(registry.scrape().lines())
        .contains(
            "understudy_replica_lag_bytes{source=\"prod\"} 4096.0",
            "understudy_replica_lag_seconds{source=\"prod\"} 1.5",
            "understudy_replica_connected{source=\"prod\"} 0.0");
  }

  private void look(Map<String, List<Snapshot>> sources, Optional<Lag> lag) {
    new SourceMeters(
            registry,
            sources::keySet,
            source -> requireNonNull(sources.get(source)),
            _ -> lag,
            _ -> 2)
        .look();
  }

  private static Snapshot snapshot(long second) {
    return new Snapshot(
        "s" + second,
        Path.of("/nowhere/snapshots/s" + second),
        "prod",
        Instant.ofEpochSecond(second),
        Instant.ofEpochSecond(second + 5),
        180000,
        "postgres",
        0,
        0,
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        null,
        null,
        null);
  }
}
