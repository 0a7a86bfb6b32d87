package dev.understudy.server.http;

import dev.understudy.config.CertificateFiles;
import dev.understudy.config.Http;
import dev.understudy.config.HttpToken;
import dev.understudy.config.Secret;
import dev.understudy.proxy.throttle.Throttle;
import dev.understudy.server.CommandException;
import dev.understudy.server.http.token.TokenText;
import dev.understudy.server.http.token.Tokens;
import dev.understudy.server.operate.OperationException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with routes of its own, and two tokens. */
@Timeout(60)
abstract class HttpServerFixture {
  static final String ADMINISTRATOR = TokenText.random().value();
  static final String CI = TokenText.random().value();

  @TempDir Path directory;
  @Nullable HttpServer server;
  final CountDownLatch flooded = new CountDownLatch(1);
  boolean throttled = true;

  private record Thing(String name, int size) {}

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  static Http http(int port, @Nullable CertificateFiles tls) {
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

  HttpServer opened(Bounds bounds) throws CommandException {
    HttpServer open = HttpServer.open(http(0, null), bounds);
    server = open;
    serve(open);
    return open;
  }

  void serve(HttpServer open) {
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

  static Client client(HttpServer open, @Nullable String token) throws IOException {
    return new Client(Description.load(), "http://127.0.0.1:" + open.port(), token);
  }

  static String request(String method, String path, String... headers) {
    return Raw.request(method, path, headers);
  }
}
