package dev.understudy.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.proxy.environment.ConnectTimings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenMetersTest {
  private static final Duration WAIT = Duration.ofMillis(30);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final OpenMeters meters =
      new OpenMeters(registry, name -> name.startsWith("pr-") ? "pr-*" : "none");

  @Test
  void sessionsAreCountedByPattern() {
    for (int i = 0; i < 100; i++) {
      meters.opened("pr-" + i, OpenKind.RUNNING, null, null, WAIT);
    }
    meters.opened("qa", OpenKind.WOKEN, null, null, WAIT);
    meters.closed("pr-1");

    assertThat(registry.scrape().lines())
        .contains(
            "understudy_sessions_opened_total{pattern=\"pr-*\"} 100.0",
            "understudy_sessions_opened_total{pattern=\"none\"} 1.0",
            "understudy_sessions_closed_total{pattern=\"pr-*\"} 1.0",
            "understudy_open_seconds_count{kind=\"running\",pattern=\"pr-*\"} 100",
            "understudy_open_seconds_count{kind=\"woken\",pattern=\"none\"} 1")
        .noneMatch(line -> line.contains("pr-1\""));
  }

  @Test
  void waitsFallIntoBuckets() {
    meters.opened("pr-1", OpenKind.SPARE, CreationTimings.NOTHING, null, WAIT);

    assertThat(registry.scrape().lines())
        .contains(
            "understudy_open_seconds_bucket{kind=\"spare\",pattern=\"pr-*\",le=\"0.025\"} 0",
            "understudy_open_seconds_bucket{kind=\"spare\",pattern=\"pr-*\",le=\"0.05\"} 1",
            "understudy_open_seconds_bucket{kind=\"spare\",pattern=\"pr-*\",le=\"60.0\"} 1")
        .noneMatch(line -> line.startsWith("understudy_connect_phase"));
  }

  @Test
  void thePhasesOfAConnectAreMeasured() {
    meters.opened(
        "pr-1",
        OpenKind.CREATED,
        new CreationTimings(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(30)),
        null,
        Duration.ofMillis(70));
    meters.opened("pr-1", OpenKind.WOKEN, null, Duration.ofMillis(80), Duration.ofMillis(90));
    meters.connected(
        OpenKind.CREATED, new ConnectTimings(Duration.ofMillis(40), Duration.ofMillis(50)));
    meters.connected(
        OpenKind.RUNNING, new ConnectTimings(Duration.ofMillis(60), Duration.ofMillis(70)));

    assertThat(registry.scrape().lines())
        .contains(
            "understudy_connect_phase_seconds_sum{kind=\"created\",phase=\"copy\"} 0.01",
            "understudy_connect_phase_seconds_sum{kind=\"created\",phase=\"configure\"} 0.02",
            "understudy_connect_phase_seconds_sum{kind=\"created\",phase=\"start\"} 0.03",
            "understudy_connect_phase_seconds_sum{kind=\"created\",phase=\"authenticate\"} 0.04",
            "understudy_connect_phase_seconds_sum{kind=\"created\",phase=\"connect\"} 0.05",
            "understudy_connect_phase_seconds_sum{kind=\"woken\",phase=\"start\"} 0.08",
            "understudy_connect_phase_seconds_sum{kind=\"running\",phase=\"authenticate\"} 0.06",
            "understudy_connect_phase_seconds_sum{kind=\"running\",phase=\"connect\"} 0.07");
  }

  @Test
  void refusalsAreCountedByWhatClientsAreTold() {
    meters.refused("pr-1", "53400");
    meters.refused("pr-2", "53400");
    meters.refused("qa", "58000");

    assertThat(registry.scrape().lines())
        .contains(
            "understudy_opens_refused_total{pattern=\"pr-*\",sqlstate=\"53400\"} 2.0",
            "understudy_opens_refused_total{pattern=\"none\",sqlstate=\"58000\"} 1.0");
  }
}
