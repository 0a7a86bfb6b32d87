package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.postgres.Sql;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Who watches: Prometheus, and who looks for the cause of something. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ObservationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private ServedApi served;
  private Client administrator;

  @BeforeAll
  void open() throws Exception {
    served = ServedApi.open();
    administrator = served.client(ServedApi.ADMINISTRATOR);
    assertThat(administrator.post("/api/v1/environments", "{\"name\":\"pr-1\"}").statusCode())
        .isEqualTo(201);
  }

  @AfterAll
  void close() throws Exception {
    served.close();
  }

  @Test
  void metricsAreOfWhatThereIs() throws Exception {
    HttpResponse<String> scraped = administrator.get("/metrics");

    assertThat(scraped.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(scraped.body().lines())
        .contains(
            "understudy_environments{pattern=\"pr-*\",state=\"running\"} 1.0",
            "understudy_snapshots{source=\"prod\"} 1.0",
            "understudy_sessions{pattern=\"pr-*\"} 0.0",
            "understudy_snapshots_cut_total{source=\"prod\"} 1.0")
        .anyMatch(
            line -> line.matches("understudy_snapshots_failed_total\\{source=\"prod\"} [01]\\.0"))
        .anyMatch(
            line -> line.matches("understudy_snapshot_duration_seconds\\{source=\"prod\"} [0-9].*"))
        .anyMatch(line -> line.matches("understudy_pool_free_bytes [1-9].*"))
        .anyMatch(
            line -> line.matches("understudy_snapshot_data_time_seconds\\{source=\"prod\"} 1.*"))
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes"));
  }

  @Test
  void whatEnvironmentsTakeWasMeasuredBefore() throws Exception {
    String own = "understudy_private_bytes{pattern=\"pr-*\"} ";
    String shared = "understudy_shared_bytes{pattern=\"pr-*\"} ";
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    double bytes = 0;
    while (bytes == 0) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(100);
      String scraped = administrator.get("/metrics").body();
      bytes = value(scraped, own) + value(scraped, shared);
    }
    assertThat(bytes).as("a cluster is never smaller").isGreaterThan(1 << 20);
    for (String list : List.of("/api/v1/clones", "/api/v1/environments?usage=true")) {
      double listed = 0;
      for (JsonNode one : Client.json(administrator.get(list)).get("items")) {
        JsonNode storage = one.get("storage");
        listed +=
            storage.path("private_bytes").asDouble() + storage.path("shared_bytes").asDouble();
      }
      assertThat(listed).as(list).isGreaterThan(1 << 20);
    }
  }

  private static double value(String scraped, String start) {
    return scraped
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
        .sum();
  }

  @Test
  void whatEnvironmentsUseIsCountedUntilNow() throws Exception {
    work();
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    JsonNode own = MissingNode.getInstance();
    while (own.path("running_seconds").asDouble() == 0 || own.path("cpu_seconds").asDouble() == 0) {
      assertThat(System.nanoTime()).as(own.toString()).isLessThan(deadline);
      Thread.sleep(100);
      own = Client.json(administrator.get("/api/v1/usage?from=" + today)).path("items").path(0);
    }
    assertThat(own.path("role").asText()).isEqualTo("administrator");
    assertThat(own.path("pattern").asText()).isEqualTo("pr-*");
    assertThat(items(ServedApi.VIEWER, "")).isOne();
    assertThat(items(ServedApi.USER, "")).as("nothing is app's").isZero();
    assertThat(items(ServedApi.CONFINED, "")).isZero();
    assertThat(items(ServedApi.ADMINISTRATOR, "?from=2020-01-01&to=2020-12-31")).isZero();
  }

  @Test
  void daysThatCannotBeAreRefused() throws Exception {
    for (String query :
        List.of("from=yesterday", "to=2026-02-30", "from=2026-02-02&to=2026-02-01")) {
      assertThat(administrator.get("/api/v1/usage?" + query).statusCode()).as(query).isEqualTo(400);
    }
  }

  /** More than the kernel's ticks, by which it is counted, are long. */
  private void work() throws Exception {
    try (EnvironmentSession session = served.connect("pr-1", "administrator").get();
        Connection connection = Sql.connect(session.socket(), "postgres", "postgres", PATIENCE);
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT sum(i) FROM generate_series(1, 1000000) i");
    }
  }

  private int items(String token, String query) throws Exception {
    return Client.json(administrator.with(token).get("/api/v1/usage" + query)).path("items").size();
  }

  @Test
  void aSourceThatCannotBeCopiedSaysSo() throws Exception {
    String source = "/api/v1/sources/prod";
    assertThat(Client.json(administrator.get(source)).path("failure").isNull()).isTrue();
    served.production().stop(); // nobody else here needs it
    JsonNode problem = Client.json(administrator.post(source + "/snapshots", null));
    JsonNode failure = Client.json(administrator.get(source)).path("failure");
    assertThat(failure.path("message").asText()).isEqualTo(problem.path("title").asText());
    assertThat(Instant.parse(failure.path("at").asText()))
        .isBetween(Instant.now().minusSeconds(60), Instant.now());
  }

  @Test
  void openMetricsAreForWhoAcceptsThem() throws Exception {
    HttpResponse<String> scraped =
        administrator.get(
            "/metrics", "Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

    assertThat(scraped.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text");
    assertThat(scraped.body()).endsWith("# EOF\n");
  }

  @Test
  void metricsAreForWhoSeesAll() throws Exception {
    assertThat(administrator.with(null).get("/metrics").statusCode()).isEqualTo(401);
    assertThat(administrator.with(ServedApi.VIEWER).get("/metrics").statusCode()).isEqualTo(200);
    assertThat(administrator.with(ServedApi.USER).get("/metrics").statusCode()).isEqualTo(403);
    assertThat(administrator.with(ServedApi.CONFINED).get("/metrics").statusCode()).isEqualTo(403);
  }

  @Test
  void aLogIsForWhoMaySteer() throws Exception {
    String path = "/api/v1/environments/pr-1/log";

    assertThat(administrator.get(path).body()).contains("ready to accept connections");
    assertThat(Client.json(administrator.get(path + "?lines=1")).path("lines").size()).isOne();
    assertThat(administrator.get(path + "?lines=0").statusCode()).isEqualTo(400);
    assertThat(administrator.with(ServedApi.VIEWER).get(path).statusCode()).isEqualTo(403);
    assertThat(administrator.with(ServedApi.USER).get(path).statusCode()).isIn(403, 404);
    assertThat(administrator.get("/api/v1/environments/pr-none/log").statusCode()).isEqualTo(404);
  }
}
