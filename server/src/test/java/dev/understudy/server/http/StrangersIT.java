package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What is sent to every route by mistake or in malice is refused, and makes nothing fail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class StrangersIT {
  private static final List<String> BODIES =
      List.of(
          "{",
          "[]",
          "7",
          "\"\"",
          "null",
          "{\"unknown\":1}",
          "{\"name\":{\"a\":[]}}",
          "{\"name\":\"\\u0000\"}",
          "{\"force\":\"yes\"}",
          "{\"by\":[]}",
          "\u0000\u0001\u00ff",
          "[".repeat(5_000),
          "{\"name\":\"" + "a".repeat(70_000) + "\"}");

  private static final List<String> NAMES =
      List.of(
          "..",
          ".",
          "%2e%2e",
          "%00",
          "%0d%0aX:%20y",
          "a%2fb",
          "a%5cb",
          ";a",
          "a;b=c",
          "%ff",
          "%c0%af",
          "A".repeat(300),
          "pr-1%20",
          "'--",
          "%24%7bx%7d",
          "*",
          "{name}");

  private static final int FUZZED = Integer.getInteger("understudy.fuzz.requests", 600);

  /** Nothing that is refused takes so long, and what hangs takes longer. */
  private static final Duration SLOW = Duration.ofSeconds(10);

  private ServedApi served;

  @BeforeAll
  void open() throws Exception {
    served = ServedApi.open();
  }

  @AfterAll
  void close() throws Exception {
    served.close();
  }

  @Test
  void noRouteLetsAnybodyInWithoutItsToken() throws Exception {
    for (Route route : served.routes()) {
      if (route.path().startsWith(Route.ROOT)) {
        String target = route.path().replaceAll("\\{[a-z]+}", "x");
        assertThat(Raw.status(served.port(), Raw.request(route.method(), target)))
            .as(route.toString())
            .isEqualTo(401);
        assertThat(status(route.method(), target, "Origin: http://evil.example", ""))
            .as(route.toString())
            .isEqualTo(403);
      }
    }
  }

  @Test
  void bodiesThatMeanNothingAreRefused() throws Exception {
    for (Route route : served.routes()) {
      if (!route.method().equals("GET") && !route.method().equals("DELETE")) {
        String target = route.path().replaceAll("\\{[a-z]+}", "pr-x");
        for (String body : BODIES) {
          assertThat(status(route.method(), target, "Content-Type: application/json", body))
              .as("%s %s %.40s", route.method(), target, body)
              .isBetween(400, 499);
        }
        assertThat(status(route.method(), target, "Content-Type: text/html", "<p>"))
            .as(target)
            .isEqualTo(route.path().startsWith(Route.ROOT) ? 415 : 404);
      }
    }
  }

  @Test
  void namesThatMeanNothingAreRefused() throws Exception {
    for (Route route : served.routes()) {
      if (route.path().contains("{")) {
        for (String name : NAMES) {
          String target = route.path().replaceAll("\\{[a-z]+}", Matcher.quoteReplacement(name));
          assertThat(status(route.method(), target, "Content-Type: application/json", "{}"))
              .as(route.method() + " " + target)
              .isBetween(400, 499);
        }
      }
    }
  }

  @Test
  void methodsThatMeanNothingAreRefused() throws Exception {
    for (Route route : served.routes()) {
      String target = route.path().replaceAll("\\{[a-z]+}", "pr-x");
      for (String method : List.of("OPTIONS", "TRACE", "PATCH", "PROPFIND", "get", "QUERY", "X")) {
        assertThat(status(method, target, "X: y", ""))
            .as(method + " " + target)
            .isBetween(400, 499);
      }
    }
  }

  @Test
  void noiseIsRefused() throws Exception {
    Random random = new Random(7);
    List<Route> routes = served.routes();
    for (int i = 0; i < 400; i++) {
      Route route = routes.get(random.nextInt(routes.size()));
      String target =
          route.path().replaceAll("\\{[a-z]+}", noise(random)) + "?" + noise(random) + "=1";
      assertThat(status(route.method(), target, "Prefer: " + noise(random), noise(random)))
          .as(route.method() + " " + target)
          .satisfiesAnyOf(
              status -> assertThat(status).isBetween(400, 499),
              status -> assertThat(status).isEqualTo(Raw.CLOSED));
    }
  }

  /**
   * Also {@code -Dunderstudy.fuzz.requests=N} of them; {@code -Dunderstudy.fuzz.seed=N} sends those
   * of one time again.
   */
  @Test
  @Timeout(7200)
  void whatAFuzzerMakesOfTheDocumentIsRefused() throws Exception {
    long seed = Long.getLong("understudy.fuzz.seed", System.nanoTime());
    RequestFuzzer fuzzer = new RequestFuzzer(seed);
    List<String> wrong = new ArrayList<>();
    int answered = 0;
    for (int i = 0; i < FUZZED && wrong.size() < 10; i++) {
      boolean isRefusable = i % 2 == 0;
      String request = isRefusable ? fuzzer.refusable() : fuzzer.damaged();
      long begun = System.nanoTime();
      String answer = Raw.answer(served.port(), request);
      boolean isSlow = System.nanoTime() - begun > SLOW.toNanos();
      int status = Raw.statusOf(answer);
      answered += status == Raw.CLOSED ? 0 : 1;
      boolean isRefused = status == Raw.CLOSED || (status >= 400 && status < 500);
      boolean isGranted = status >= 200 && status < 400 && !isRefusable;
      if (isSlow || !(isRefused || isGranted)) {
        wrong.add("request %d: %.1500s%nanswer: %s".formatted(i, request, answer));
      }
    }
    assertThat(wrong).as("-Dunderstudy.fuzz.seed=%d", seed).isEmpty();
    assertThat(answered).isGreaterThan(FUZZED * 9 / 10);
    assertThat(status("GET", "/api/v1/environments", "X: y", "")).isEqualTo(200);
  }

  /** Without what would end a header, or be a replacement's own. */
  private static String noise(Random random) {
    StringBuilder noise = new StringBuilder("~");
    for (int i = random.nextInt(12); i > 0; i--) {
      char c = (char) random.nextInt(1, 256);
      noise.append(c == '\r' || c == '\n' || c == '$' || c == '\\' ? '_' : c);
    }
    return noise.toString();
  }

  private int status(String method, String target, String header, String body) throws Exception {
    return Raw.status(
        served.port(),
        String.format(
            Locale.ROOT,
            "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\n"
                + "%s\r\nContent-Length: %d\r\n\r\n%s",
            method,
            target,
            ServedApi.ADMINISTRATOR,
            header,
            body.length(),
            body));
  }
}
