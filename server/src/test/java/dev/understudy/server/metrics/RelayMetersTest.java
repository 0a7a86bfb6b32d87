package dev.understudy.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.backend.ErrorResponse;
import dev.understudy.proxy.client.Client;
import dev.understudy.proxy.client.ClientDescription;
import dev.understudy.proxy.client.ClientDescription.Replication;
import dev.understudy.proxy.client.Clients;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class RelayMetersTest {
  private static final String RECEIVED =
      "understudy_relay_bytes_total{direction=\"received\",pattern=\"pr-*\"} ";
  private static final String SENT =
      "understudy_relay_bytes_total{direction=\"sent\",pattern=\"pr-*\"} ";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Clients clients = new Clients(_ -> "pr-*");
  private final RelayMeters meters = new RelayMeters(registry, clients);

  @Test
  void bytesAreCountedOverTheEndOfSessions() {
    Client first = begin("pr-1");
    first.traffic().received(5, 0);
    first.traffic().sent(70);
    Client second = begin("pr-2");
    second.traffic().sent(1);
    assertThat(scrape().lines()).contains(RECEIVED + "5.0", SENT + "71.0");

    first.ended();
    second.traffic().received(3, 0);
    assertThat(scrape().lines()).contains(RECEIVED + "8.0", SENT + "71.0");
    second.ended();
    assertThat(scrape().lines()).contains(RECEIVED + "8.0", SENT + "71.0");
  }

  @Test
  void whoIsTurnedAwayIsCountedByWhatIsTold() {
    clients.refused(ErrorResponse.fatal("28P01", "no", null, null));
    assertThat(scrape().lines())
        .contains("understudy_logins_refused_total{sqlstate=\"28P01\"} 1.0");
    clients.refused(ErrorResponse.fatal("28P01", "no", null, null));

    assertThat(scrape().lines())
        .contains("understudy_logins_refused_total{sqlstate=\"28P01\"} 2.0");
  }

  private String scrape() {
    meters.look();
    return registry.scrape();
  }

  private Client begin(String environment) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5);
    return clients.begin(
        new ClientDescription(
            "app", "app", "shop", environment, Replication.NONE, "", address, address, ""),
        () -> {});
  }
}
