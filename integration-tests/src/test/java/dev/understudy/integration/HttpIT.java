package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP API of a daemon as it is served, beside clients that connect. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class HttpIT {
  private static final String ENVIRONMENTS =
      """
      "pr-*" { source = prod, database = shop }
      "ci-*" { source = prod, database = shop }
      "mr-*" { source = prod, database = shop }
      "few-*" { source = prod, limit = 1 }
      "bad-*" { source = prod, hooks.after-create = [ { command = [/bin/false] } ] }
      """;
  private static final String TOKEN_OF_ALICE = "understudy_of_alice_for_this_test_0123456789abcdef";
  private static final String HTTP =
      """
      users.alice { password = a, role = app }
      users.root { password = r, role = postgres, admin = true }
      http.port = 0
      http.tokens.alice { hash = "sha256:%s", role = user, owner = app }
      """
          .formatted(sha256(TOKEN_OF_ALICE));
  private static final Pattern METRIC = Pattern.compile("understudy_[a-z_]+[a-z]");
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path checkout;
  private Shop shop;

  @BeforeAll
  void open() throws Exception {
    shop = Shop.open(Installations.embedded(), null, ENVIRONMENTS, HTTP);
  }

  @AfterAll
  void close() throws Exception {
    shop.close();
  }

  @Test
  void steersAWholeLifeBesideClients() throws Exception {
    assertThat(send("POST", "/environments", "{\"name\":\"pr-life\"}").statusCode()).isEqualTo(201);
    assertThat(customers("pr-life")).isEqualTo(Shop.CUSTOMERS);
    try (Connection session = shop.connect("shop@pr-life")) {
      session.createStatement().execute("DELETE FROM customer WHERE id > 10");
      assertThat(send("GET", "/environments/pr-life", null).body()).contains("\"sessions\":1");
      session.setAutoCommit(false);
      session.createStatement().execute("DELETE FROM customer WHERE id > 5");
      HttpResponse<String> busy = send("POST", "/environments/pr-life/reset", "{}");
      assertThat(busy.statusCode()).isEqualTo(409);
      assertThat(busy.body()).contains("\"sqlstate\":\"55006\"");
    }
    assertThat(
            send(
                    "POST",
                    "/environments",
                    "{\"name\":\"pr-branch\",\"from\":{\"environment\":\"pr-life\"}}")
                .statusCode())
        .isEqualTo(201);
    assertThat(customers("pr-branch")).isEqualTo(10);
    assertThat(send("POST", "/environments/pr-life/reset", "{\"force\":true}").statusCode())
        .isEqualTo(200);
    assertThat(customers("pr-life")).isEqualTo(Shop.CUSTOMERS);
    assertThat(send("DELETE", "/environments/pr-life", null).statusCode()).isEqualTo(204);
    assertThat(send("POST", "/environments/pr-life/undrop", "{}").statusCode()).isEqualTo(200);
    assertThat(customers("pr-life")).isEqualTo(Shop.CUSTOMERS);
    assertThat(send("DELETE", "/environments/pr-branch", null).statusCode()).isEqualTo(204);
    assertThat(shop.daemon().log())
        .contains(
            "login=\"administrator\" role=\"administrator\" via=http from=/127.0.0.1:",
            "operation=\"CREATE ENVIRONMENT\" subject=\"pr-branch\" from_environment=\"pr-life\""
                + " outcome=done",
            "operation=\"RESET ENVIRONMENT\" subject=\"pr-life\" outcome=55006",
            "operation=\"RESET ENVIRONMENT\" subject=\"pr-life\" force=true outcome=done")
        .doesNotContain(shop.httpToken());
  }

  @Test
  void metricsFollowAConnectAndWhatPasses() throws Exception {
    assertThat(customers("pr-measured")).isEqualTo(Shop.CUSTOMERS);

    assertThat(scrape().lines())
        .anyMatch(isCounted("understudy_connect_phase_seconds_count", "phase=\"authenticate\""))
        .anyMatch(isCounted("understudy_connect_phase_seconds_count", "phase=\"connect\""))
        .anyMatch(isCounted("understudy_relay_bytes_total", "direction=\"received\",pattern=\"pr-"))
        .anyMatch(isCounted("understudy_relay_bytes_total", "direction=\"sent\",pattern=\"pr-"))
        .anyMatch(isCounted("understudy_buffer_memory_bytes", "area=\"direct\""))
        .anyMatch(line -> line.startsWith("understudy_event_loop_delay_seconds{loop=\"0\"} "))
        .anyMatch(line -> line.startsWith("understudy_event_loop_pending_tasks{loop=\"0\"} "))
        .noneMatch(line -> line.contains("pr-measured"));
    assertThat(send("DELETE", "/environments/pr-measured", null).statusCode()).isEqualTo(204);
  }

  /** But for those of standbys: here is none. */
  @Test
  void everyMetricOfThePageAndOfTheAlertsIsThere() throws Exception {
    assertThatThrownBy(() -> shop.connect("no_such")).hasMessageContaining("no_such");
    // A daemon that was started again may have cut none.
    assertThat(send("POST", "/sources/prod/snapshots", null).statusCode()).isEqualTo(201);
    assertThat(customers("pr-measured")).isEqualTo(Shop.CUSTOMERS);
    String told =
        Files.readString(Path.of("../docs/metrics.md"))
            + Files.readString(Path.of("../deploy/prometheus-alerts.yml"));
    Set<String> names =
        METRIC
            .matcher(told)
            .results()
            .map(MatchResult::group)
            .filter(name -> !name.startsWith("understudy_replica_"))
            .collect(Collectors.toSet());

    String scraped = scrape();
    assertThat(names)
        .hasSizeGreaterThan(20)
        .allSatisfy(name ->
            assertThat(scraped)
                .containsPattern("(?m)^# TYPE %s ".formatted(name.replaceFirst("_bucket$", ""))));
    assertThat(send("DELETE", "/environments/pr-measured", null).statusCode()).isEqualTo(204);
  }

  private String scrape() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(shop.httpAddress() + "/metrics"))
            .header("Authorization", "Bearer " + shop.httpToken())
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static Predicate<String> isCounted(String name, String label) {
    return line -> line.startsWith(name + "{") && line.contains(label) && !line.endsWith(" 0.0");
  }

  @Test
  void theTokenIsForTheDaemonsUserAlone() throws Exception {
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(shop.dataDirectory().resolve("http-token"))))
        .isEqualTo("rw-------");
  }

  @Test
  void tokensComeAndGoWithTheSettings() throws Exception {
    String token = "understudy_for_this_test_only_0123456789abcdef";
    String hash = "sha256:" + sha256(token);
    assertThat(send("GET", "/environments", null, token).statusCode()).isEqualTo(401);
    shop.reload(
        ENVIRONMENTS,
        HTTP + "\nhttp.tokens.reader { hash = \"%s\", environments = [pr-read] }".formatted(hash));
    assertThat(send("GET", "/environments", null, token).statusCode()).isEqualTo(200);
    assertThat(send("DELETE", "/environments/pr-read", null, token).statusCode()).isIn(403, 404);

    HttpResponse<String> reloaded = send("POST", "/reload", "{}");
    assertThat(reloaded.statusCode()).as(reloaded.body()).isEqualTo(200);
    shop.reload(ENVIRONMENTS, HTTP);
    assertThat(send("GET", "/environments", null, token).statusCode()).isEqualTo(401);
  }

  @Test
  void theCommandsOfThePageWorkAsTheyAreWritten() throws Exception {
    String commands =
        commandsOf("../docs/api.md", 0)
            // Where it is here; all else is as people paste it.
            .replace("http://127.0.0.1:6480", shop.httpAddress())
            .replace("/var/lib/understudy", shop.dataDirectory().toString());

    assertThat(outputOf(commands))
        .contains("\"name\":\"pr-44\"", "event: ready", "hash   sha256:", "\"waiting\":[]");
  }

  @Test
  void soDoThoseOfTheCommandLine() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/psql")), "not installed: psql");
    String commands =
        "export PGPASSWORD=%s UNDERSTUDY_API=%s UNDERSTUDY_TOKEN=%s\n"
                .formatted(Shop.PASSWORD, shop.httpAddress(), shop.httpToken())
            + "understudy() { ./understudy \"$@\"; }\n"
            // The first block is for another host.
            + commandsOf("../docs/cli.md", 1)
                .replace("understudy run", "understudy run --user app");

    assertThat(outputOf(commands))
        .contains(
            "pr-42: is there",
            "pr-44: is back, asleep",
            "postgresql://app@127.0.0.1:",
            "/shop%40ci-1",
            "understudy.data_time");
    assertThat(send("GET", "/environments/ci-1", null).statusCode()).isEqualTo(404);
    assertThat(send("DELETE", "/environments/pr-42", null).statusCode()).isEqualTo(204);
  }

  /** Of builds; those of frameworks are walked by DriversIT. */
  @ParameterizedTest
  @CsvSource({
    "../README.md, pr-12",
    "../docs/recipes/github-actions.md, pr-12",
    "../docs/recipes/gitlab-ci.md, mr-12"
  })
  void theRecipesOfBuildsWorkAndBeginAfresh(Path page, String environment) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/psql")), "not installed: psql");
    Path migrations = Files.createDirectories(checkout.resolve("migrations"));
    Files.writeString(
        migrations.resolve("next.sql"),
        "DELETE FROM customer WHERE id > 10;\nSELECT 'now ' || count(*) FROM customer;\n");
    BuildRecipe recipe = BuildRecipe.of(page);
    assertThat(recipe.steps()).hasSize(1);
    try (Connection earlier = shop.connect("shop@" + environment)) {
      earlier.createStatement().execute("DROP TABLE customer");
    }

    assertThat(recipe.run(checkout, shop.daemon().port())).contains("now 10").endsWith("exit 0");

    assertThat(customers(environment)).isEqualTo(10);
    assertThat(send("DELETE", "/environments/" + environment, null).statusCode()).isEqualTo(204);
  }

  @Test
  void everyOperationIsDoneByEveryWayThatHasIt() throws Exception {
    try (Ways ways = Ways.open(shop, "root", "r", shop.httpToken())) {
      new OperationsWalk(shop, ways, this::rewriteWithMore).walk();
    }
    shop.restart(ENVIRONMENTS);
  }

  private void rewriteWithMore(int patterns) throws IOException {
    StringBuilder more = new StringBuilder(ENVIRONMENTS);
    for (int i = 0; i < patterns; i++) {
      more.append("more-").append(i).append(" { source = prod }\n");
    }
    shop.rewrite(more.toString(), HTTP);
  }

  @Test
  void everyWayRefusesInTheSameWords() throws Exception {
    try (Ways root = Ways.open(shop, "root", "r", shop.httpToken());
        Ways alice = Ways.open(shop, "alice", "a", TOKEN_OF_ALICE)) {
      Refusals refusals = new Refusals(shop, root, alice);
      refusals.compare();
      shop.rewrite(ENVIRONMENTS, HTTP + "listen.max-connections = none");
      refusals.compareReloads();
      shop.rewrite(ENVIRONMENTS, HTTP);
    }
  }

  /** All that a page of the documents has people paste, from one block on. */
  private static String commandsOf(String page, int first) throws IOException {
    return BLOCK
        .matcher(Files.readString(Path.of(page)))
        .results()
        .skip(first)
        .map((MatchResult block) -> block.group(1))
        .collect(Collectors.joining("\n"));
  }

  /** That all of them succeed, and what they print. */
  private static String outputOf(String commands) throws Exception {
    Process shell =
        new ProcessBuilder("bash", "-eu", "-o", "pipefail", "-c", commands)
            .directory(Path.of("..").toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).as(output).isZero();
    return output;
  }

  private long customers(String environment) throws Exception {
    try (Connection clone = shop.connect("shop@" + environment)) {
      return Shop.ask(clone, "SELECT count(*) FROM customer");
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> send(String method, String path, @Nullable String body)
      throws Exception {
    return send(method, path, body, shop.httpToken());
  }

  private HttpResponse<String> send(String method, String path, @Nullable String body, String token)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(shop.httpAddress() + "/api/v1" + path))
            .header("Authorization", "Bearer " + token)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
