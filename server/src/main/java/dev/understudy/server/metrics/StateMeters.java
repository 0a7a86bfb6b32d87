package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.Cloner;
import dev.understudy.cloner.environment.EnvironmentStatus;
import dev.understudy.server.operate.Vocabulary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What there is: environments, the trash, the pool. Looked at for each scrape. */
final class StateMeters {
  private static final Logger LOG = LoggerFactory.getLogger(StateMeters.class);

  private final Cloner cloner;
  private final UnaryOperator<String> patternOf;
  private final MultiGauge environments;
  private final MultiGauge sessions;

  StateMeters(MeterRegistry registry, Cloner cloner, UnaryOperator<String> patternOf) {
    this.cloner = requireNonNull(cloner, "cloner is null");
    this.patternOf = requireNonNull(patternOf, "patternOf is null");
    environments = gauge(registry, "understudy.environments", "Environments, by their state");
    sessions = gauge(registry, "understudy.sessions", "Sessions on environments, quiet ones too");
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
