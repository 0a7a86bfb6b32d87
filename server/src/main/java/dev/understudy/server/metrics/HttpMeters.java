package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Who is turned away by the HTTP API. Looked at for each scrape. */
final class HttpMeters {
  /**
   * Shown from the beginning, as none: deploy/prometheus-alerts.yml waits for these, and the first
   * could not be told from many of long ago.
   */
  private static final List<Integer> ALARMING = List.of(401, 429);

  private final MeterRegistry registry;
  private final Supplier<Map<Integer, Long>> refused;

  /**
   * Meters of a registry.
   *
   * @param refused requests by status, since the start
   */
  HttpMeters(MeterRegistry registry, Supplier<Map<Integer, Long>> refused) {
    this.registry = requireNonNull(registry, "registry is null");
    this.refused = requireNonNull(refused, "refused is null");
  }

  /** Brings the meters up to date. By one thread at a time. */
  void look() {
    ALARMING.forEach(this::refused);
    refused.get().keySet().forEach(this::refused);
  }

  /** Registering it once more does nothing. */
  private void refused(int status) {
    FunctionCounter.builder(
            "understudy.http.refused", refused, counts -> counts.get().getOrDefault(status, 0L))
        .description("Requests of the HTTP API that were answered with a problem")
        .tag("status", Integer.toString(status))
        .register(registry);
  }
}
