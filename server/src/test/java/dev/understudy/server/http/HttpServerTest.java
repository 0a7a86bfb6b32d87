package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.server.CommandException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What listens and who is let in, with routes of its own. */
final class HttpServerTest extends HttpServerFixture {
  @Test
  void untilItServesItSaysThatTheDaemonStarts() throws Exception {
    HttpServer starting = HttpServer.open(http(0, null));
    server = starting;
    Client client = client(starting, ADMINISTRATOR);

    assertThat(client.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(client.get("/readyz").statusCode()).isEqualTo(503);
    assertThat(client.get("/").body()).contains("<title>Understudy</title>");
    assertThat(client.post("/", "{}").statusCode()).isEqualTo(503);
    HttpResponse<String> refused = client.get("/api/v1/environments");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    assertThat(Client.json(refused).get("sqlstate").asText()).isEqualTo("57P03");

    serve(starting);
    assertThat(client.get("/api/v1/who").body()).contains("administrator");
  }

  @Test
  void aPortInUseIsSaidSo() throws Exception {
    HttpServer first = HttpServer.open(http(0, null));
    server = first;

    assertThatThrownBy(() -> HttpServer.open(http(first.port(), null)))
        .isInstanceOfSatisfying(
            CommandException.class,
            e -> assertThat(e.hint()).contains("http.port", "http.enabled = false"))
        .hasMessageContaining("cannot listen on 127.0.0.1 port " + first.port());
  }

  @Test
  void aTokenIsNeededAndIsToldFromOthers() throws Exception {
    Client client = client(opened(Bounds.USUAL), ADMINISTRATOR);

    assertThat(client.get("/api/v1/who").body()).contains("administrator");
    assertThat(client.with(CI).get("/api/v1/who").body()).contains("ci");
    HttpResponse<String> without = client.with(null).get("/api/v1/who");
    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(without.headers().firstValue("WWW-Authenticate"))
        .contains("Bearer realm=\"Understudy\"");
    HttpResponse<String> wrong = client.with(CI + "x").get("/api/v1/who");
    assertThat(wrong.statusCode()).isEqualTo(401);
    assertThat(wrong.headers().firstValue("WWW-Authenticate"))
        .hasValueSatisfying(value -> assertThat(value).contains("invalid_token"));
    assertThat(wrong.body()).doesNotContain(CI);
    // Nobody learns without one what there is.
    assertThat(client.with(null).get("/api/v1/nowhere").statusCode()).isEqualTo(401);
    assertThat(client.with(null).get("/open").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic YTpi", "Bearer", "Bearer a b", "bearer", "Bearer \u00e4", ""})
  void whatIsNoBearerTokenIsNone(String header) throws Exception {
    int port = opened(Bounds.USUAL).port();

    assertThat(Raw.status(port, Raw.request("GET", "/api/v1/who", "Authorization: " + header)))
        .isIn(400, 401);
    String right = "Authorization: Bearer " + ADMINISTRATOR;
    assertThat(Raw.status(port, request("GET", "/api/v1/who", right, right)))
        .as("two of them")
        .isIn(400, 401);
  }

  @Test
  void whoShowsWrongOnesWaits() throws Exception {
    Client client = client(opened(Bounds.USUAL), "understudy_wrong");
    long begin = System.nanoTime();
    for (int i = 0; i < 8; i++) {
      assertThat(client.get("/api/v1/who").statusCode()).isEqualTo(401);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(700));
  }

  @Test
  void onlyWhoMeansThisHostIsLetIn() throws Exception {
    int port = opened(Bounds.USUAL).port();

    for (String host : List.of("localhost", "127.0.0.1:" + port, "[::1]:80", "DB.example.com:1")) {
      assertThat(status(port, "/api/v1/who", host, null)).as(host).isEqualTo(200);
    }
    for (String host : List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil", "")) {
      assertThat(status(port, "/api/v1/who", host, null)).as(host).isIn(400, 421);
    }
    for (String origin : List.of("http://localhost", "https://localhost")) {
      assertThat(status(port, "/api/v1/who", "localhost", origin)).as(origin).isEqualTo(200);
    }
    for (String origin :
        List.of("null", "http://evil.example", "https://evil.example", "http://localhost:1")) {
      assertThat(status(port, "/api/v1/who", "localhost", origin)).as(origin).isEqualTo(403);
    }
    // Those who watch over hosts call them by all sorts of names.
    assertThat(status(port, "/open", "evil.example", null)).isEqualTo(200);
  }

  private static int status(int port, String path, String host, @Nullable String origin)
      throws IOException {
    return Raw.status(
        port,
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nAuthorization: Bearer %s\r\n%s\r\n"
            .formatted(
                path, host, ADMINISTRATOR, origin == null ? "" : "Origin: " + origin + "\r\n"));
  }

  @Test
  void everyAnswerKeepsBrowsersAndCachesOut() throws Exception {
    HttpServer open = opened(Bounds.USUAL);
    Client client = client(open, ADMINISTRATOR);

    for (HttpResponse<String> response :
        List.of(
            client.get("/api/v1/who"),
            client.get("/api/v1/nowhere"),
            client.with(null).get("/api/v1/who"),
            client.get("/open"))) {
      SafetyHeaders.ALL.forEach(
          (name, value) -> assertThat(response.headers().firstValue(name)).contains(value));
      assertThat(response.headers().firstValue("Server")).isEmpty();
    }
    assertThat(Raw.answer(open.port(), "GET /\u0001 HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json", "nosniff");
  }

  @Test
  void whatIsWrongWithARequestIsSaid() throws Exception {
    Client client = client(opened(Bounds.USUAL), ADMINISTRATOR);

    HttpResponse<String> method = client.send("DELETE", "/api/v1/things", null);
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("Allow")).contains("GET, POST");
    assertThat(client.get("/api/v1/nowhere").statusCode()).isEqualTo(404);
    assertThat(client.get("/api/v1/things/").statusCode()).isEqualTo(404);
    assertThat(client.get("/api/v1/things?color=red").body())
        .contains("unknown parameter \\\"color\\\"");
    assertThat(client.get("/api/v1/things?limit=1&limit=2").statusCode()).isEqualTo(400);
    assertThat(client.post("/api/v1/things", "{}", "Content-Type", "text/plain").statusCode())
        .isIn(400, 415);
    HttpResponse<String> unknown =
        client.post("/api/v1/things", "{\"name\":\"a\",\"size\":1,\"colour\":2}");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(unknown.body()).contains("unknown key \\\"colour\\\"", "Known here: name, size.");
    for (String wrong :
        List.of(
            "{",
            "[]",
            "null",
            "\"x\"",
            "{\"name\":\"a\",\"name\":\"b\"}",
            "{\"name\":{}}",
            "{\"name\":5}",
            "{\"size\":\"1\"}",
            "{\"name\":\"a\"} {}",
            "{\"name\":\"a\u0000\"}",
            "[".repeat(10_000))) {
      assertThat(client.post("/api/v1/things", wrong).statusCode()).as(wrong).isEqualTo(400);
    }
    HttpResponse<String> good = client.post("/api/v1/things", "{\"name\":\"a\",\"size\":1}");
    assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
    assertThat(
            client.post("/api/v1/things", "{\"name\":\"" + "a".repeat(70_000) + "\"}").statusCode())
        .isEqualTo(413);
  }

  @Test
  void failuresAreToldAsProblemsAndNotInDetail() throws Exception {
    Client client = client(opened(Bounds.USUAL), ADMINISTRATOR);

    HttpResponse<String> failed = client.get("/api/v1/broken");
    assertThat(failed.statusCode()).isEqualTo(500);
    assertThat(failed.body()).contains("58000").doesNotContain("secret of the house");
    HttpResponse<String> refused = client.get("/api/v1/refused");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(Client.json(refused).get("title").asText()).isEqualTo("it is in use");
    assertThat(Client.json(refused).get("hint").asText()).isEqualTo("Wait.");
  }

  @Test
  void longHeadersAndOddPathsAreRefused() throws Exception {
    int port = opened(Bounds.USUAL).port();

    assertThat(Raw.status(port, Raw.request("GET", "/api/v1/who", "X: " + "x".repeat(9_000))))
        .isIn(431, 400);
    for (String path :
        List.of(
            "/api/v1/../v1/who",
            "/api/v1/%2e%2e/who",
            "/api/v1/who/..;/x",
            "/api/v1//who",
            "/api/v1/things%2fx",
            "/api/v1/who%00",
            "/api/v1/%",
            "/api/v1/%zz",
            "//api/v1/who",
            "/api/v1\\who",
            "http://evil.example/api/v1/who",
            "*",
            "who")) {
      assertThat(Raw.status(port, request("GET", path, "Authorization: Bearer " + ADMINISTRATOR)))
          .as(path)
          .isBetween(400, 499);
    }
  }

  /** Nothing that a stranger sends makes it fail, or is answered as if it were right. */
  @Test
  void noiseIsRefused() throws Exception {
    throttled = false;
    int port = opened(Bounds.USUAL).port();
    Random random = new Random(42);
    String good =
        request("POST", "/api/v1/things", "Content-Length: 10", "Authorization: Bearer x");
    for (int i = 0; i < 300; i++) {
      StringBuilder noise = new StringBuilder(good);
      for (int j = random.nextInt(1, 8); j > 0; j--) {
        int at = random.nextInt(noise.length());
        switch (random.nextInt(3)) {
          case 0 -> noise.setCharAt(at, (char) random.nextInt(256));
          case 1 -> noise.insert(at, (char) random.nextInt(256));
          default -> noise.deleteCharAt(at);
        }
      }
      assertThat(Raw.status(port, noise.toString()))
          .as(noise.toString())
          .satisfiesAnyOf(
              status -> assertThat(status).isBetween(400, 499),
              status -> assertThat(status).isEqualTo(Raw.CLOSED));
    }
  }
}
