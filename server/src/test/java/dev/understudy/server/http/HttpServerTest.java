package dev.understudy.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Http;
import dev.understudy.config.HttpToken;
import dev.understudy.config.Secret;
import dev.understudy.proxy.throttle.Throttle;
import dev.understudy.server.CommandException;
import dev.understudy.server.certificate.OwnCertificate;
import dev.understudy.server.http.token.TokenText;
import dev.understudy.server.http.token.Tokens;
import dev.understudy.server.operate.OperationException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What listens and who is let in, with routes of its own. */
@Timeout(60)
class HttpServerTest {
  private static final String ADMINISTRATOR = TokenText.random().value();
  private static final String CI = TokenText.random().value();
  private static final Bounds IMPATIENT =
      new Bounds(64, 8 << 10, Duration.ofMillis(400), Duration.ofMillis(400));

  @TempDir Path directory;
  private @Nullable HttpServer server;
  private final CountDownLatch flooded = new CountDownLatch(1);
  private boolean throttled = true;

  private record Thing(String name, int size) {}

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

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

  private static String request(String method, String path, String... headers) {
    return Raw.request(method, path, headers);
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

  @Test
  void whoWaitsForAnAnswerMayWaitLongerThanWhoSaysNothing() throws Exception {
    Client client = client(opened(IMPATIENT), ADMINISTRATOR);

    assertThat(client.get("/api/v1/slow").statusCode()).isEqualTo(200);
  }

  @Test
  void aStreamLivesAsLongAsSomethingIsSaid() throws Exception {
    Client client = client(opened(IMPATIENT), ADMINISTRATOR);

    HttpResponse<String> stream = client.get("/api/v1/stream");
    assertThat(stream.body()).hasSize(20);
    assertThat(stream.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
  }

  @Test
  void whoDoesNotReadIsGivenUp() throws Exception {
    int port = opened(IMPATIENT).port();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = request("GET", "/api/v1/flood", "Authorization: Bearer " + ADMINISTRATOR);
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));

      assertThat(flooded.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whoSaysNothingOrSaysItTooSlowlyIsShutOut() throws Exception {
    int port = opened(IMPATIENT).port();

    assertThat(isShutOut(port, "")).isTrue();
    assertThat(isShutOut(port, "GET /api/v1/who HTTP/1.1\r\nX: ")).isTrue();
    assertThat(
            isShutOut(
                port,
                "POST /api/v1/things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n"
                    + "Content-Type: application/json\r\nAuthorization: Bearer "
                    + ADMINISTRATOR
                    + "\r\n\r\n"))
        .isTrue();
  }

  @Test
  void whoNeverEndsAHandshakeIsShutOut() throws Exception {
    CertificateFiles files = OwnCertificate.beside(directory.resolve("data")).ensure();
    HttpServer secure = HttpServer.open(http(0, files), IMPATIENT);
    server = secure;
    serve(secure);

    // The header of a record that is as long as one may be.
    assertThat(isShutOut(secure.port(), "\u0016\u0003\u0001@\0")).isTrue();
  }

  /** A byte now and then keeps no connection open. */
  private static boolean isShutOut(int port, String beginning) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      OutputStream out = socket.getOutputStream();
      out.write(beginning.getBytes(ISO_8859_1));
      socket.setSoTimeout(150);
      InputStream in = socket.getInputStream();
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (System.nanoTime() < deadline) {
        try {
          if (in.read() < 0) {
            return true;
          }
        } catch (SocketTimeoutException e) {
          if (!beginning.isEmpty()) {
            out.write(' ');
          }
        }
      }
      return false;
    } catch (IOException e) {
      return true; // reset
    }
  }

  @Test
  void tlsIsAllThatIsSpokenWhereThereIsACertificate() throws Exception {
    CertificateFiles files = OwnCertificate.beside(directory.resolve("data")).ensure();
    HttpServer secure = HttpServer.open(http(0, files));
    server = secure;
    serve(secure);

    HttpClient client = HttpClient.newBuilder().sslContext(trusting(files.certificate())).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + secure.port() + "/api/v1/who"))
            .header("Authorization", "Bearer " + ADMINISTRATOR)
            .header("Origin", "https://localhost:" + secure.port())
            .build();
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    secure.renewCertificate(files);
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
    assertThat(Raw.status(secure.port(), request("GET", "/open"))).isNotEqualTo(200);
  }

  @Test
  void aCertificateThatCannotBeUsedIsSaidSo() {
    CertificateFiles files =
        new CertificateFiles(directory.resolve("no.crt"), directory.resolve("no.key"));

    assertThatThrownBy(() -> HttpServer.open(http(0, files)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("http.tls.certificate: ");
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = new FileInputStream(certificate.toFile())) {
      trusted.setCertificateEntry(
          "it", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static Http http(int port, @Nullable CertificateFiles tls) {
    HttpToken ci =
        new HttpToken(
            "ci",
            new Secret(TokenText.hashOf(new Secret(CI)).substring("sha256:".length())),
            HttpToken.Role.VIEWER,
            "app",
            List.of());
    return new Http(
        true, "127.0.0.1", port, tls, List.of("db.example.com"), Map.of("ci", ci), Map.of());
  }

  private HttpServer opened(Bounds bounds) throws CommandException {
    HttpServer open = HttpServer.open(http(0, null), bounds);
    server = open;
    serve(open);
    return open;
  }

  private void serve(HttpServer open) {
    Http settings = http(0, null);
    open.serve(
        List.of(
            Route.get("/open", _ -> Reply.ok(Map.of())),
            Route.get("/api/v1/who", call -> Reply.ok(Map.of("login", call.actor().login()))),
            Route.get("/api/v1/things", _ -> Reply.ok(Map.of()), "limit"),
            Route.post("/api/v1/things", call -> Reply.ok(call.body(Thing.class, null))),
            Route.get(
                "/api/v1/slow",
                _ -> {
                  Thread.sleep(1_500);
                  return Reply.ok(Map.of());
                }),
            Route.get(
                "/api/v1/stream",
                _ ->
                    new Reply(
                        200,
                        Map.of(),
                        new Reply.Stream(out -> {
                          for (int i = 0; i < 20; i++) {
                            out.write('.');
                            out.flush();
                            Thread.sleep(100);
                          }
                        }))),
            Route.get(
                "/api/v1/flood", _ -> new Reply(200, Map.of(), new Reply.Stream(this::flood))),
            Route.get(
                "/api/v1/broken",
                _ -> {
                  throw new IllegalStateException("the secret of the house");
                }),
            Route.get(
                "/api/v1/refused",
                _ -> {
                  throw OperationException.of("55006", "it is in use", null, "Wait.");
                })),
        new Doorkeeper(
            new HostNames(() -> settings),
            new Tokens(new Secret(ADMINISTRATOR), () -> settings.tokens().values()),
            new Throttle(() -> throttled, () -> Duration.ofSeconds(10))));
  }

  private void flood(OutputStream out) throws IOException {
    try {
      while (true) {
        out.write(new byte[1 << 16]);
      }
    } finally {
      flooded.countDown();
    }
  }

  private static Client client(HttpServer open, @Nullable String token) throws IOException {
    return new Client(Description.load(), "http://127.0.0.1:" + open.port(), token);
  }
}
