package dev.understudy.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A forge that tells of pull requests, over a real cloner. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class WebhooksIT {
  private static final String ENVIRONMENTS = "/api/v1/environments";

  private ServedApi served;
  private Client administrator;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeAll
  void open() throws Exception {
    log.start();
    ((Logger) LoggerFactory.getLogger(RefusedRequests.class)).addAppender(log);
    served = ServedApi.open();
    administrator = served.client(ServedApi.ADMINISTRATOR);
  }

  @AfterAll
  void close() throws Exception {
    ((Logger) LoggerFactory.getLogger(RefusedRequests.class)).detachAppender(log);
    served.close();
  }

  @Test
  void whatIsClosedTakesItsEnvironmentsWithIt() throws Exception {
    make("pr-7", "ci-7", "pr-70");

    HttpResponse<String> told = deliver(closed("acme/shop", 7));
    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    assertThat(told.body())
        .isEqualTo(
            "{\"event\":\"acme/shop 7 closed\",\"dropped\":[\"ci-7\",\"pr-7\"],\"kept\":[]}");
    assertThat(names()).contains("pr-70").doesNotContain("pr-7", "ci-7");
    assertThat(deliver(closed("acme/shop", 7)).body()).contains("\"dropped\":[]");
  }

  @Test
  void whatSomebodyProtectsOrExtendsStays() throws Exception {
    make("pr-8", "ci-8");
    administrator.post(ENVIRONMENTS + "/pr-8/protect", null);
    administrator.post(ENVIRONMENTS + "/ci-8/extend", "{\"by\":\"1 day\"}");

    assertThat(deliver(closed("acme/shop", 8)).body())
        .contains("\"dropped\":[],\"kept\":[\"ci-8\",\"pr-8\"]");
    assertThat(names()).contains("pr-8", "ci-8");
  }

  @Test
  void whatIsStillBeingMadeIsDroppedAsSoonAsItIsThere() throws Exception {
    served.shutGate();
    String gated = "{\"name\":\"gated-11\"}";
    assertThat(administrator.post(ENVIRONMENTS, gated, "Prefer", "respond-async").statusCode())
        .isEqualTo(202);
    CompletableFuture<HttpResponse<String>> delivery = delivering(closed("acme/shop", 11));
    assertThat(delivery)
        .failsWithin(Duration.ofMillis(300))
        .withThrowableThat()
        .isInstanceOf(TimeoutException.class);
    served.openGate();

    HttpResponse<String> told = delivery.get();
    assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
    assertThat(told.body()).contains("\"dropped\":[\"gated-11\"],\"kept\":[]");
    assertThat(names()).doesNotContain("gated-11");
  }

  /** Anybody may hold a place for a while, and nobody for long. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoNeverEndsADeliveryKeepsNobodyElseOut(boolean trickling) throws Exception {
    make("pr-12");
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        slow.add(beginDelivery(600_000));
        awaitReading(slow.getLast());
      }
      CompletableFuture<HttpResponse<String>> delivery =
          delivering(closed("acme/shop", 12) + " ".repeat(100_000));
      while (!delivery.isDone()) {
        for (Socket socket : trickling ? slow : List.<Socket>of()) {
          trickle(socket);
        }
        Thread.sleep(200);
      }
      assertThat(delivery.get().statusCode()).as(delivery.get().body()).isEqualTo(200);
      assertThat(names()).doesNotContain("pr-12");
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  /** As forges send them: far more of these are read at once than there are places. */
  @Test
  void howeverManyShortOnesNeverEndTheyKeepNobodyElseOut() throws Exception {
    make("pr-13");
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        slow.add(beginDelivery(600_000));
        awaitReading(slow.getLast());
      }
      List<Socket> shortOnes = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        shortOnes.add(beginDelivery(60_000));
        slow.add(shortOnes.getLast());
      }
      for (Socket socket : shortOnes) {
        awaitReading(socket);
      }

      HttpResponse<String> told = deliver(closed("acme/shop", 13));
      assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
      assertThat(names()).doesNotContain("pr-13");
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  private Socket beginDelivery(int length) throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port());
    String head =
        "POST /webhooks/shop HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + length
            + "\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(UTF_8));
    return socket;
  }

  /** Returns when the body is being read. */
  private static void awaitReading(Socket socket) throws Exception {
    assertThat(new String(socket.getInputStream().readNBytes(12), UTF_8)).isEqualTo("HTTP/1.1 100");
  }

  private static void trickle(Socket socket) {
    try {
      socket.getOutputStream().write(' ');
    } catch (IOException e) {
      // It has been shut out.
    }
  }

  private CompletableFuture<HttpResponse<String>> delivering(String body) {
    CompletableFuture<HttpResponse<String>> answer = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        answer.complete(deliver(body));
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  @Test
  void nobodyElseIsHeard() throws Exception {
    make("pr-9");

    assertThat(deliver(closed("acme/other", 9)).body()).contains("which is not heard of here");
    HttpResponse<String> forged =
        send(closed("acme/shop", 9), "sha256=" + "0".repeat(64), "/webhooks/shop");
    assertThat(forged.statusCode()).isEqualTo(401);
    assertThat(forged.body())
        .contains("\"sqlstate\":\"28P01\"", "http.webhooks.shop.secret")
        .doesNotContain(ServedApi.WEBHOOK_SECRET);
    assertThat(send("{}", null, "/webhooks/shop").statusCode()).isEqualTo(401);
    assertThat(send("{}", null, "/webhooks/none").statusCode()).isEqualTo(404);
    assertThat(deliver("{").statusCode()).isEqualTo(400);
    assertThat(deliver(" ".repeat((1 << 20) + 1)).statusCode()).isEqualTo(413);
    assertThat(administrator.with(null).get("/webhooks/shop").statusCode()).isIn(401, 405);
    assertThat(names()).contains("pr-9");
  }

  @Test
  void whatIsRefusedLeavesALineAndIsCounted() throws Exception {
    String signature = "sha256=" + "1".repeat(64);
    String token = "understudy_" + "a wrong one".replace(' ', '_');
    double before = refused();
    assertThat(send("{}", signature, "/webhooks/shop").statusCode()).isEqualTo(401);
    assertThat(administrator.with(token).get(ENVIRONMENTS).statusCode()).isEqualTo(401);
    assertThat(administrator.with(null).get(ENVIRONMENTS).statusCode()).isEqualTo(401);
    assertThat(refused() - before).isEqualTo(3);

    String delivery =
        "A delivery to a webhook was refused \\([0-9]+ times\\), at last POST /webhooks/shop from"
            + " 127\\.0\\.0\\.1: 401, the delivery is not signed as it should be: .*";
    String client =
        "A client of the HTTP API was not let in \\([0-9]+ times\\), at last GET "
            + ENVIRONMENTS
            + " from 127\\.0\\.0\\.1: 401, the token is not valid";
    // There is one in ten seconds, which another test may have had.
    while (lines().noneMatch(line -> line.matches(delivery))) {
      Thread.sleep(200);
      send("{}", signature, "/webhooks/shop");
    }
    while (lines().noneMatch(line -> line.matches(client))) {
      Thread.sleep(200);
      administrator.with(token).get(ENVIRONMENTS);
    }
    assertThat(lines())
        .allSatisfy(
            line -> assertThat(line).doesNotContain(token, signature, ServedApi.WEBHOOK_SECRET));
  }

  private Stream<String> lines() {
    return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage);
  }

  private double refused() throws Exception {
    String name = "understudy_http_refused_total{status=\"401\"} ";
    return administrator
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
        .sum();
  }

  private void make(String... names) throws Exception {
    for (String name : names) {
      assertThat(administrator.post(ENVIRONMENTS, "{\"name\":\"" + name + "\"}").statusCode())
          .isEqualTo(201);
    }
  }

  private Stream<String> names() throws Exception {
    return Client.json(administrator.get(ENVIRONMENTS))
        .path("items")
        .valueStream()
        .map(item -> item.path("name").asText());
  }

  private HttpResponse<String> deliver(String body) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(ServedApi.WEBHOOK_SECRET.getBytes(UTF_8), "HmacSHA256"));
    String signature = HexFormat.of().formatHex(mac.doFinal(body.getBytes(UTF_8)));
    return send(body, "sha256=" + signature, "/webhooks/shop");
  }

  private HttpResponse<String> send(String body, @Nullable String signature, String path)
      throws Exception {
    Client forge = administrator.with(null);
    return signature == null
        ? forge.post(path, body, "X-GitHub-Event", "pull_request")
        : forge.post(
            path, body, "X-GitHub-Event", "pull_request", "X-Hub-Signature-256", signature);
  }

  private static String closed(String repository, int number) {
    return """
    {"action": "closed", "number": %d, "repository": {"full_name": "%s"}}\
    """
        .formatted(number, repository);
  }
}
