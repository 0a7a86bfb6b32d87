package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.cloner.pool.Usage;
import dev.understudy.server.usage.StorageReadings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** What environments take of the pool, as it was measured last. A scrape measures nothing. */
final class StorageMeters {
  private final Supplier<List<EnvironmentStatus>> environments;
  private final StorageReadings readings;
  private final UnaryOperator<String> patternOf;
  private final MultiGauge own;
  private final MultiGauge shared;

  StorageMeters(
      MeterRegistry registry,
      Supplier<List<EnvironmentStatus>> environments,
      StorageReadings readings,
      UnaryOperator<String> patternOf) {
    this.environments = requireNonNull(environments, "environments is null");
    this.readings = requireNonNull(readings, "readings is null");
    this.patternOf = requireNonNull(patternOf, "patternOf is null");
    own =
        MultiGauge.builder("understudy.private.bytes")
            .description("Bytes on disk that environments have for themselves, each alone")
            .register(registry);
    shared =
        MultiGauge.builder("understudy.shared.bytes")
            .description("Bytes on disk that environments share, counted for each that has them")
            .register(registry);
  }

  /** Brings the meters up to date. By one thread at a time. */
  void look() {
    Map<String, List<Usage>> byPattern = new HashMap<>();
    for (EnvironmentStatus environment : environments.get()) {
      List<Usage> measured =
          byPattern.computeIfAbsent(patternOf.apply(environment.name()), _ -> new ArrayList<>());
      readings.of(environment).ifPresent(measured::add);
    }
    own.register(rows(byPattern, Usage::exclusiveBytes), true);
    shared.register(rows(byPattern, Usage::sharedBytes), true);
  }

  private static Iterable<MultiGauge.Row<?>> rows(
      Map<String, List<Usage>> byPattern, ToLongFunction<Usage> bytes) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    Function<List<Usage>, Long> sum = measured -> measured.stream().mapToLong(bytes).sum();
    byPattern.forEach((pattern, measured) ->
        rows.add(MultiGauge.Row.of(Tags.of("pattern", pattern), sum.apply(measured))));
    return rows;
  }
}
