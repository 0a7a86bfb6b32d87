package dev.understudy.server.http;

import static java.util.Objects.requireNonNull;

import dev.understudy.server.metrics.Metrics;
import dev.understudy.server.operate.OperationException;
import java.util.List;
import java.util.Map;

/** What Prometheus reads. It is of all environments, so it is for who sees all. */
final class MetricsRoute {
  private final Metrics metrics;

  MetricsRoute(Metrics metrics) {
    this.metrics = requireNonNull(metrics, "metrics is null");
  }

  List<Route> all() {
    return List.of(Route.get(Route.METRICS, this::scrape));
  }

  private Reply scrape(Call call) {
    if (!call.actor().seesAll()) {
      throw OperationException.of(
          "42501",
          "the metrics are of all environments",
          null,
          "Use a token of role viewer that is not confined to environments.");
    }
    String accepted = call.header("Accept");
    return new Reply(
        200, Map.of(), new Reply.Plain(Metrics.contentType(accepted), metrics.scrape(accepted)));
  }
}
