package dev.understudy.integration;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * prometheus-community/pgbouncer_exporter reads the console, as docs/console.md says how. Its
 * program is not for every suite of Debian, and so this runs only when it is named; {@code .ci/full
 * pgbouncer_exporter} fetches it and does so. System property {@code
 * understudy.pgbouncer-exporter}: where it is.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PgbouncerExporter {
  private final String program =
      requireNonNull(System.getProperty("understudy.pgbouncer-exporter"), "no exporter");

  @TempDir private Path directory;

  @Test
  void readsAllThatItLooksFor() throws Exception {
    try (Shop shop =
            Shop.open(
                Installations.embedded(),
                null,
                "\"pr-*\" { source = prod, database = shop }",
                """
                users.exporter { password = e, role = postgres, admin = true }
                listen.max-connections = 77
                """);
        Connection session = shop.connect("shop@pr-seen")) {
      assertThat(Shop.ask(session, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
      int port = freePort();
      Path log = directory.resolve("log");
      Process exporter =
          new ProcessBuilder(
                  program,
                  "--web.listen-address=127.0.0.1:" + port,
                  "--pgBouncer.connectionString=postgres://exporter:e@127.0.0.1:%d/understudy?sslmode=disable"
                      .formatted(shop.daemon().port()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        String metrics = scraped(port);
        assertThat(metrics)
            .contains(
                "pgbouncer_up 1\n",
                "pgbouncer_version_info{version=\"Understudy ",
                "pgbouncer_used_servers 1\n",
                "pgbouncer_config_max_client_connections 77\n",
                "pgbouncer_config_max_user_connections 0\n")
            .containsPattern(
                "pgbouncer_databases_current_connections\\{.*name=\"shop@pr-seen\".*} 1\n")
            .containsPattern(
                "pgbouncer_stats_totals_received_bytes_total\\{database=\"shop@pr-seen\"} [1-9]")
            .containsPattern(
                "pgbouncer_pools_server_active_connections\\{database=\"shop@pr-seen\",user=\"app\"}"
                    + " 1\n");
        assertThat(Files.readString(log)).doesNotContain("level=WARN", "err");
      } finally {
        exporter.destroyForcibly().waitFor();
      }
    }
  }

  private static String scraped(int port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(port))).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      Await.soon("the exporter listens", () -> answers(http, request));
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  private static boolean answers(HttpClient http, HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
