package dev.understudy.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.client.Clients;
import dev.understudy.proxy.client.Totals;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * What passes between clients and servers, and who was turned away before anything passed. Looked
 * at for each scrape: sessions count for themselves, and nothing of ours is in their way.
 */
final class RelayMeters {
  private final MeterRegistry registry;
  private final Clients clients;
  private final Map<String, Totals> byPattern = new ConcurrentHashMap<>();
  private final Map<String, Long> refusals = new ConcurrentHashMap<>();

  /**
   * Meters of a registry.
   *
   * @param clients grouped by pattern
   */
  RelayMeters(MeterRegistry registry, Clients clients) {
    this.registry = requireNonNull(registry, "registry is null");
    this.clients = requireNonNull(clients, "clients is null");
  }

  /** Brings the meters up to date. By one thread at a time. */
  void look() {
    byPattern.putAll(clients.groups());
    byPattern
        .keySet()
        .forEach(pattern -> {
          relayed(pattern, "received", Totals::received);
          relayed(pattern, "sent", Totals::sent);
        });
    refusals.putAll(clients.refusals());
    refusals.keySet().forEach(this::refused);
  }

  /** Registering it once more does nothing. */
  private void relayed(String pattern, String direction, ToDoubleFunction<Totals> bytes) {
    FunctionCounter.builder(
            "understudy.relay.bytes",
            byPattern,
            totals -> bytes.applyAsDouble(totals.getOrDefault(pattern, Totals.ZERO)))
        .description("Received from clients of environments, and sent to them")
        .tag("pattern", pattern)
        .tag("direction", direction)
        .register(registry);
  }

  private void refused(String sqlState) {
    FunctionCounter.builder(
            "understudy.logins.refused", refusals, counts -> counts.getOrDefault(sqlState, 0L))
        .description("Clients turned away before they had a session, by what they were told")
        .tag("sqlstate", sqlState)
        .register(registry);
  }
}
