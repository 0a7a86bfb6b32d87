package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.testing.Daemon;
import dev.understudy.testing.LoopImage;
import dev.understudy.testing.OperationsTable;
import dev.understudy.testing.OperationsTable.Row;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The web page of a daemon as it is served, in a real browser. */
@Timeout(600)
class PageIT {
  private static final String ENVIRONMENTS =
      """
      "pr-*" { source = prod, database = shop }
      "slow-*" {
        source = prod, database = shop
        hooks.after-create = [ { command = [/bin/sleep, "8"] } ]
      }
      "bad-*" {
        source = prod, database = shop
        hooks.after-create = [ {
          command = [/bin/sh, -c, "sleep 3; echo the schema is of yesterday; exit 1"]
        } ]
      }
      """;
  private static final String VIEWER = "understudy_viewer_of_this_test_0123456789abcdef";
  private static final String PASSING = "understudy_passing_of_this_test_0123456789abcdef";

  @BeforeEach
  void assumeInstalled() {
    PageWalk.assumeInstalled();
  }

  @Test
  void isWalkedThrough() throws Exception {
    int port = freePort();
    String lasting = "http { port = %d, tokens.viewer { %s } }".formatted(port, hash(VIEWER));
    String passing = lasting + "\nhttp.tokens.passing { %s }".formatted(hash(PASSING));
    LoopImage.Type fileSystem =
        LoopImage.impediment(LoopImage.Type.BTRFS).isEmpty() ? LoopImage.Type.BTRFS : null;
    try (Shop shop = Shop.open(Installations.embedded(), fileSystem, ENVIRONMENTS, passing)) {
      PageWalk walk =
          new PageWalk(
              "walk.mjs",
              Map.of(
                  "ADDRESS",
                  "http://127.0.0.1:" + port,
                  "TOKEN",
                  token(shop.dataDirectory()),
                  "VIEWER",
                  VIEWER,
                  "PASSING",
                  PASSING));
      assertAsked(walk.walk(what -> happen(shop, what, lasting)));
    }
  }

  /** For all that the page has of the table of operations. */
  private static void assertAsked(List<String> said) {
    Stream.concat(OperationsTable.changes().stream(), OperationsTable.looks().stream())
        .filter(Row::onPage)
        .map(row -> "asked " + String.valueOf(row.http()).replaceAll("\\{[a-z]+}", "[^/]+"))
        .forEach(route -> assertThat(said).as(route).anyMatch(line -> line.matches(route)));
  }

  private static void happen(Shop shop, String what, String lasting) throws Exception {
    switch (what) {
      case "revoke" -> shop.reload(ENVIRONMENTS, lasting);
      case "stop" -> shop.daemon().kill();
      case "start" -> shop.restart(ENVIRONMENTS);
      default -> {
        assertThat(what).startsWith("connect ");
        try (Connection session = shop.connect("shop@" + what.substring("connect ".length()))) {
          assertThat(Shop.ask(session, "SELECT count(*) FROM customer")).isEqualTo(Shop.CUSTOMERS);
        }
      }
    }
  }

  @Test
  void showsThatASourceIsDown() throws Exception {
    int port = freePort();
    try (MirroredShop shop = MirroredShop.open(MirroredShop.Type.STANDBY);
        Daemon _ =
            Daemon.start(
                shop.directory(), shop.data().path(), shop.settings() + "\nhttp.port = " + port)) {
      shop.production().kill();
      String token = token(shop.data().path());
      Await.soon("the standby notices", () -> sources(port, token).contains("\"connected\":false"));

      new PageWalk("down.mjs", Map.of("ADDRESS", "http://127.0.0.1:" + port, "TOKEN", token))
          .walk(what -> assertThat(what).isNull());
    }
  }

  private static String sources(int port, String token) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/api/v1/sources".formatted(port)))
              .header("Authorization", "Bearer " + token)
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  private static String token(Path dataDirectory) throws Exception {
    return Files.readString(dataDirectory.resolve("http-token")).strip();
  }

  private static String hash(String token) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    return "hash = \"sha256:%s\", role = viewer".formatted(HexFormat.of().formatHex(digest));
  }

  /** A daemon that is started again is looked for at the same address. */
  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
