package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.config.Problem;
import dev.understudy.server.operate.OperationException;
import dev.understudy.server.operate.Reloaded;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Every route, over a real cloner; every answer is held against the OpenAPI document. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class HttpApiIT {
  private static final String ENVIRONMENTS = "/api/v1/environments";

  private ServedApi served;
  private Client administrator;

  @BeforeAll
  void open() throws Exception {
    served = ServedApi.open(List.of("pr-damaged"));
    administrator = served.client(ServedApi.ADMINISTRATOR);
  }

  @AfterAll
  void close() throws Exception {
    served.close();
  }

  @Test
  void theDocumentHasEveryRouteAndNoOther() throws Exception {
    Description description = Description.load();
    Set<String> routes =
        served.routes().stream()
            .map(route -> route.method() + " " + route.path())
            .collect(Collectors.toCollection(TreeSet::new));

    // The page names its own files.
    routes.removeIf(route -> route.startsWith("GET /assets/"));
    assertThat(routes).isEqualTo(description.operations());
    for (Route route : served.routes()) {
      assertThat(description.query(route.method(), route.path()))
          .as(route.method() + " " + route.path())
          .isEqualTo(new TreeSet<>(route.query()));
    }
    assertThat(Client.json(administrator.with(null).get("/openapi.json")).get("openapi").asText())
        .isEqualTo("3.1.0");
  }

  @Test
  void thePageNeedsNoTokenAndIsKeptByBrowsersAsLongAsItIsTheSame() throws Exception {
    Client stranger = administrator.with(null);
    HttpResponse<String> page = stranger.get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<title>Understudy</title>").doesNotContain("prod");
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html;charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(policy ->
            assertThat(policy)
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "*"));
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.headers().firstValue("Referrer-Policy")).contains("no-referrer");
    String etag = page.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again = stranger.get("/", "If-None-Match", etag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(stranger.get("/", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    HttpResponse<String> script = stranger.get("/assets/page.js");
    assertThat(script.headers().firstValue("Content-Type"))
        .contains("text/javascript;charset=utf-8");
    assertThat(stranger.send("HEAD", "/assets/page.css", null).statusCode()).isEqualTo(200);
    for (String path :
        List.of(
            "/assets/",
            "/assets",
            "/index.html",
            "/assets/index.html",
            "/assets/openapi.json",
            "/assets/PageFile.class",
            "/assets/..%2fopenapi.json",
            "/assets/%2e%2e/http-token",
            "/assets/page.js/",
            "/page.js")) {
      assertThat(stranger.get(path).statusCode()).as(path).isIn(400, 401);
    }
    assertThat(stranger.post("/", "{}").statusCode()).isIn(401, 405);
  }

  @Test
  void makesChangesDropsAndBringsBack() throws Exception {
    HttpResponse<String> made =
        administrator.post(ENVIRONMENTS, "{\"name\":\"pr-life\",\"label\":\"for a life\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(made.headers().firstValue("Location")).contains(ENVIRONMENTS + "/pr-life");
    JsonNode environment = Client.json(made);
    assertThat(environment.get("state").asText()).isEqualTo("running");
    assertThat(environment.get("label").asText()).isEqualTo("for a life");
    assertThat(environment.get("owner").asText()).isEqualTo("administrator");
    assertThat(Instant.parse(environment.get("expires_at").asText()))
        .isAfter(Instant.now().plusSeconds(29 * 86_400));
    assertThat(environment.get("storage").isNull()).isTrue();

    assertThat(state("suspend", "{\"force\":true}")).isEqualTo("suspended");
    assertThat(state("resume", null)).isEqualTo("running");
    assertThat(change("protect", null).get("protected").asBoolean()).isTrue();
    assertThat(change("protect", "{}").get("expires_at").isNull()).isTrue();
    assertThat(change("unprotect", null).get("protected").asBoolean()).isFalse();
    assertThat(Instant.parse(change("extend", "{\"by\":\"2 days\"}").get("kept_until").asText()))
        .isBetween(Instant.now().plusSeconds(47 * 3600), Instant.now().plusSeconds(49 * 3600));
    String clone = get("pr-life").get("clone").asText();
    assertThat(change("reset", "{\"force\":true}").get("clone").asText()).isNotEqualTo(clone);
    assertThat(change("refresh", "{\"force\":true}").get("state").asText()).isEqualTo("running");
    HttpResponse<String> label =
        administrator.send("PUT", ENVIRONMENTS + "/pr-life/label", "{\"label\":null}");
    assertThat(Client.json(label).get("label").isNull()).isTrue();
    JsonNode storage =
        Client.json(administrator.get(ENVIRONMENTS + "/pr-life?usage=true")).get("storage");
    assertThat(storage.get("private_bytes").asLong()).isPositive();

    assertThat(administrator.send("DELETE", ENVIRONMENTS + "/pr-life", null).statusCode())
        .isEqualTo(204);
    assertThat(administrator.send("DELETE", ENVIRONMENTS + "/pr-life", null).statusCode())
        .isEqualTo(404);
    assertThat(names("/api/v1/trash")).contains("pr-life");
    HttpResponse<String> back =
        administrator.post(ENVIRONMENTS + "/pr-life/undrop", "{\"as\":\"pr-back\"}");
    assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
    assertThat(Client.json(back).get("name").asText()).isEqualTo("pr-back");
    drop("pr-back");
  }

  @Test
  void whatCannotBeReadAnAdministratorCanDrop() throws Exception {
    String path = ENVIRONMENTS + "/pr-damaged";
    String make = "{\"name\":\"pr-damaged\"}";
    HttpResponse<String> refused = administrator.post(ENVIRONMENTS, make);
    assertThat(refused.body()).contains("is damaged", "if an administrator drops it");
    assertThat(served.client(ServedApi.USER).send("DELETE", path, null).statusCode())
        .isEqualTo(404);

    assertThat(administrator.send("DELETE", path, null).statusCode()).isEqualTo(204);
    assertThat(administrator.send("DELETE", path, null).statusCode()).isEqualTo(404);
    assertThat(administrator.post(ENVIRONMENTS, make).statusCode()).isEqualTo(201);
    drop("pr-damaged");
  }

  private JsonNode change(String verb, @Nullable String body) throws Exception {
    HttpResponse<String> response = administrator.post(ENVIRONMENTS + "/pr-life/" + verb, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Client.json(response);
  }

  private String state(String verb, @Nullable String body) throws Exception {
    return change(verb, body).get("state").asText();
  }

  @Test
  void whoAsksAgainGetsWhatIsThere() throws Exception {
    String plain = "{\"name\":\"pr-same\"}";
    assertThat(administrator.post(ENVIRONMENTS, plain).statusCode()).isEqualTo(201);
    assertThat(administrator.post(ENVIRONMENTS, plain).statusCode()).isEqualTo(200);
    assertThat(
            administrator
                .post(ENVIRONMENTS, "{\"name\":\"pr-same\",\"from\":{\"source\":\"prod\"}}")
                .statusCode())
        .isEqualTo(200);
    String snapshot = get("pr-same").get("snapshot").asText();
    assertThat(
            administrator
                .post(
                    ENVIRONMENTS,
                    "{\"name\":\"pr-same\",\"from\":{\"snapshot\":\"%s\"},\"label\":\"now\"}"
                        .formatted(snapshot))
                .statusCode())
        .isEqualTo(200);
    assertThat(get("pr-same").get("label").asText()).isEqualTo("now");
    for (String other :
        List.of(
            "\"from\":{\"snapshot\":\"s0\"}",
            "\"from\":{\"environment\":\"keep\"}",
            "\"fresh\":true")) {
      HttpResponse<String> refused =
          administrator.post(ENVIRONMENTS, "{\"name\":\"pr-same\"," + other + "}");
      assertThat(refused.statusCode()).as(other).isEqualTo(409);
      assertThat(Client.json(refused).get("sqlstate").asText()).isEqualTo("42710");
    }
    String branch = "{\"name\":\"pr-branch\",\"from\":{\"environment\":\"pr-same\"}}";
    assertThat(administrator.post(ENVIRONMENTS, branch).statusCode()).isEqualTo(201);
    assertThat(administrator.post(ENVIRONMENTS, branch).statusCode()).isEqualTo(200);
    drop("pr-branch");
    drop("pr-same");
  }

  @Test
  void whoAsksForWhatAnotherIsMakingWaitsForIt() throws Exception {
    served.shutGate();
    CompletableFuture<EnvironmentSession> another = served.connect("gated-1", "app");
    String plain = "{\"name\":\"gated-1\"}";
    String task = accepted("POST", ENVIRONMENTS, plain);
    String labelled = accepted("POST", ENVIRONMENTS, "{\"name\":\"gated-1\",\"label\":\"wanted\"}");
    String branch =
        accepted(
            "POST",
            ENVIRONMENTS,
            "{\"name\":\"gated-1\",\"from\":{\"environment\":\"" + branched() + "\"}}");
    CompletableFuture<HttpResponse<String>> waiting =
        administrator
            .http()
            .sendAsync(
                administrator.request("POST", ENVIRONMENTS, plain, "Prefer", "wait=50"),
                HttpResponse.BodyHandlers.ofString());
    served.openGate();

    HttpResponse<String> answer = waiting.get();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    another.get().close();
    assertThat(ended(task).get("state").asText()).isEqualTo("done");
    assertThat(ended(task).get("created").asBoolean(true)).isFalse();
    assertThat(ended(labelled).get("state").asText()).isEqualTo("done");
    assertThat(ended(branch).get("problem").get("sqlstate").asText()).isEqualTo("42710");
    assertThat(get("gated-1").get("label").asText()).isEqualTo("wanted");
    assertThat(get("gated-1").get("owner").asText()).isEqualTo("app");
    drop("gated-1");
    drop("pr-parent");
  }

  private String branched() throws Exception {
    assertThat(administrator.post(ENVIRONMENTS, "{\"name\":\"pr-parent\"}").statusCode())
        .isEqualTo(201);
    return "pr-parent";
  }

  @Test
  void whatIsBeingMadeIsDroppedByWhoMayAndByNobodyElse() throws Exception {
    served.shutGate();
    String making = accepted("POST", ENVIRONMENTS, "{\"name\":\"gated-2\"}");
    String path = ENVIRONMENTS + "/gated-2";
    assertThat(served.client(ServedApi.CONFINED).send("DELETE", path, null).statusCode())
        .isEqualTo(403);
    assertThat(served.client(ServedApi.VIEWER).send("DELETE", path, null).statusCode())
        .isEqualTo(403);
    Client user = served.client(ServedApi.USER);
    String others = accepted(user, "DELETE", path, null);
    served.openGate();
    assertThat(ended(user, others).get("problem").get("sqlstate").asText()).isEqualTo("42704");
    assertThat(ended(making).get("created").asBoolean()).isTrue();
    assertThat(get("gated-2").get("state").asText()).isEqualTo("running");
    drop("gated-2");

    served.shutGate();
    making = accepted(user, "POST", ENVIRONMENTS, "{\"name\":\"gated-2\"}");
    String own = accepted(user, "DELETE", path, null);
    served.openGate();
    assertThat(ended(user, own).get("state").asText()).isEqualTo("done");
    assertThat(ended(user, making).get("state").asText()).isEqualTo("done");
    assertThat(user.get(path).statusCode()).isEqualTo(404);
    assertThat(user.send("DELETE", path, null).statusCode()).isEqualTo(404);
  }

  private String accepted(String method, String path, @Nullable String body) throws Exception {
    return accepted(administrator, method, path, body);
  }

  /** The way to the task. */
  private static String accepted(Client client, String method, String path, @Nullable String body)
      throws Exception {
    HttpResponse<String> accepted = client.send(method, path, body, "Prefer", "respond-async");
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    return accepted.headers().firstValue("Location").orElseThrow();
  }

  private JsonNode ended(String task) throws Exception {
    return ended(administrator, task);
  }

  private static JsonNode ended(Client client, String task) throws Exception {
    while (true) {
      JsonNode state = Client.json(client.get(task));
      if (!state.get("state").asText().equals("running")) {
        return state;
      }
      Thread.sleep(5);
    }
  }

  @Test
  void whoDoesNotWaitFollowsTheTask() throws Exception {
    HttpResponse<String> accepted =
        administrator.post(ENVIRONMENTS, "{\"name\":\"pr-async\"}", "Prefer", "respond-async");
    assertThat(accepted.statusCode()).isEqualTo(202);
    assertThat(accepted.headers().firstValue("Preference-Applied")).contains("respond-async");
    String task = accepted.headers().firstValue("Location").orElseThrow();
    // And who asks for the same waits for it.
    assertThat(
            administrator
                .post(ENVIRONMENTS, "{\"name\":\"pr-async\"}", "Prefer", "wait=50")
                .statusCode())
        .isIn(200, 201);

    JsonNode done = Client.json(administrator.get(task));
    assertThat(done.get("state").asText()).isEqualTo("done");
    assertThat(done.get("operation").asText()).isEqualTo("CREATE ENVIRONMENT");
    assertThat(done.get("subject").asText()).isEqualTo("pr-async");
    assertThat(done.get("source").asText()).isEqualTo("prod");
    assertThat(served.client(ServedApi.VIEWER).get(task).statusCode()).isEqualTo(404);
    drop("pr-async");

    HttpResponse<String> bound =
        administrator.post(
            ENVIRONMENTS,
            "{\"name\":\"pr-none\",\"from\":{\"snapshot\":\"s0\"}}",
            "Prefer",
            "respond-async");
    if (bound.statusCode() == 202) { // else it has failed already
      String failing = bound.headers().firstValue("Location").orElseThrow();
      JsonNode failed = ended(failing);
      assertThat(failed.get("state").asText()).isEqualTo("failed");
      assertThat(failed.get("problem").get("sqlstate").asText()).isEqualTo("42704");
    }
  }

  @Test
  void listsComeInParts() throws Exception {
    for (int i = 1; i <= 5; i++) {
      assertThat(administrator.post(ENVIRONMENTS, "{\"name\":\"ci-page" + i + "\"}").statusCode())
          .isEqualTo(201);
    }
    List<String> seen = new ArrayList<>();
    String next = ENVIRONMENTS + "?limit=2";
    while (next != null) {
      HttpResponse<String> page = served.client(ServedApi.CONFINED).get(next);
      JsonNode body = Client.json(page);
      body.get("items").forEach(item -> seen.add(item.get("name").asText()));
      String link = page.headers().firstValue("Link").orElse(null);
      assertThat(body.get("next_cursor").isNull()).isEqualTo(link == null);
      next = link == null ? null : link.substring(1, link.indexOf('>'));
    }
    assertThat(seen).containsExactly("ci-page1", "ci-page2", "ci-page3", "ci-page4", "ci-page5");
    assertThat(administrator.get(ENVIRONMENTS + "?limit=0").statusCode()).isEqualTo(400);
    assertThat(administrator.get(ENVIRONMENTS + "?cursor=!").statusCode()).isEqualTo(400);
    JsonNode clones = Client.json(administrator.get("/api/v1/clones")).get("items");
    assertThat(clones).isNotEmpty();
    for (String name : seen) {
      drop(name);
    }
  }

  @Test
  void eachTokenSeesAndSteersWhatIsItsOwn() throws Exception {
    Client user = served.client(ServedApi.USER);
    Client viewer = served.client(ServedApi.VIEWER);
    Client confined = served.client(ServedApi.CONFINED);
    assertThat(administrator.post(ENVIRONMENTS, "{\"name\":\"pr-theirs\"}").statusCode())
        .isEqualTo(201);
    HttpResponse<String> own = user.post(ENVIRONMENTS, "{\"name\":\"ci-own\"}");
    assertThat(Client.json(own).get("owner").asText()).isEqualTo("app");

    assertThat(names(user, ENVIRONMENTS)).containsExactly("ci-own");
    assertThat(names(viewer, ENVIRONMENTS)).contains("ci-own", "pr-theirs");
    assertThat(names(confined, ENVIRONMENTS)).containsExactly("ci-own");
    assertThat(user.get(ENVIRONMENTS + "/pr-theirs").statusCode()).isEqualTo(404);
    assertThat(user.send("DELETE", ENVIRONMENTS + "/pr-theirs", null).statusCode()).isEqualTo(404);
    assertForbidden(confined.send("DELETE", ENVIRONMENTS + "/pr-none", null));
    assertForbidden(confined.send("DELETE", ENVIRONMENTS + "/pr-theirs", null));
    assertForbidden(viewer.send("DELETE", ENVIRONMENTS + "/ci-own", null));
    assertForbidden(viewer.post(ENVIRONMENTS, "{\"name\":\"ci-new\"}"));
    assertForbidden(confined.post(ENVIRONMENTS, "{\"name\":\"pr-new\"}"));
    assertForbidden(confined.post("/api/v1/reload", null));
    assertForbidden(confined.post("/api/v1/sources/prod/snapshots", null));
    assertForbidden(user.post("/api/v1/sources/prod/snapshots", null));
    assertForbidden(
        confined.post(
            ENVIRONMENTS, "{\"name\":\"ci-new\",\"from\":{\"environment\":\"pr-theirs\"}}"));
    assertThat(confined.send("DELETE", ENVIRONMENTS + "/ci-own", null).statusCode()).isEqualTo(204);
    drop("pr-theirs");

    JsonNode self = Client.json(confined.get("/api/v1")).get("token");
    assertThat(self.toString())
        .isEqualTo(
            "{\"name\":\"confined\",\"role\":\"administrator\",\"owner\":\"confined\","
                + "\"environments\":[\"ci-*\"]}");
  }

  private static void assertForbidden(HttpResponse<String> response) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
    assertThat(Client.json(response).get("sqlstate").asText()).isEqualTo("42501");
  }

  @Test
  void showsSourcesAndCutsSnapshots() throws Exception {
    JsonNode source = Client.json(administrator.get("/api/v1/sources/prod"));
    assertThat(source.get("type").asText()).isEqualTo("directory");
    assertThat(source.get("masked").asBoolean()).isFalse();
    assertThat(administrator.get("/api/v1/sources/none").statusCode()).isEqualTo(404);
    int before = Client.json(administrator.get("/api/v1/snapshots")).get("items").size();
    served.execute("shop", "INSERT INTO customer VALUES (0)");

    HttpResponse<String> cut =
        administrator.post("/api/v1/sources/prod/snapshots", null, "Prefer", "wait=120");
    assertThat(cut.statusCode()).as(cut.body()).isEqualTo(201);
    JsonNode snapshots =
        Client.json(administrator.get("/api/v1/snapshots?source=prod")).get("items");
    assertThat(snapshots).hasSize(before + 1);
    assertThat(snapshots.get(0).get("id")).isEqualTo(Client.json(cut).get("id"));
    assertThat(snapshots.get(0).get("databases").toString()).contains("shop");
    assertThat(administrator.post("/api/v1/sources/none/snapshots", null).statusCode())
        .isEqualTo(404);
    assertThat(names("/api/v1/sources")).containsExactly("prod");
  }

  @Test
  void tellsWhatWasFoundInASnapshotToWhoeverMaySeeThat() throws Exception {
    served.execute("postgres", "CREATE ROLE reader PASSWORD 'hunter2'");
    served.execute("shop", "CREATE UNLOGGED TABLE basket (i int)");
    String id =
        Client.json(
                administrator.post("/api/v1/sources/prod/snapshots", null, "Prefer", "wait=120"))
            .get("id")
            .asText();
    String path = "/api/v1/snapshots/" + id + "/findings";

    JsonNode findings = Client.json(administrator.get(path)).get("items");
    assertThat(findings.toString())
        .contains(
            "{\"kind\":\"password\",\"database\":null,\"name\":\"reader\",\"action\":\"replaced by",
            "{\"kind\":\"unlogged_relation\",\"database\":\"shop\",\"name\":\"public.basket\","
                + "\"action\":\"empty: ")
        .doesNotContain("hunter2", "SCRAM");
    for (String token : List.of(ServedApi.VIEWER, ServedApi.USER, ServedApi.CONFINED)) {
      assertThat(Client.json(served.client(token).get(path)).get("items")).isEqualTo(findings);
    }
    assertThat(administrator.with(null).get(path).statusCode()).isEqualTo(401);

    HttpResponse<String> first = administrator.get(path + "?limit=1");
    String link = first.headers().firstValue("Link").orElseThrow();
    List<JsonNode> parts = new ArrayList<>(List.of(Client.json(first).get("items").get(0)));
    Client.json(administrator.get(link.substring(1, link.indexOf('>')).replace("limit=1&", "")))
        .get("items")
        .forEach(parts::add);
    assertThat(parts).containsExactlyElementsOf(findings);

    HttpResponse<String> unknown = administrator.get("/api/v1/snapshots/s0/findings");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(Client.json(unknown).get("sqlstate").asText()).isEqualTo("42704");
    assertThat(administrator.get(path + "?source=prod").statusCode()).isEqualTo(400);
  }

  @Test
  void tellsHowToConnect() throws Exception {
    JsonNode urls =
        Client.json(administrator.get(ENVIRONMENTS + "/pr-9/urls?user=ann&host=db.example.com"))
            .get("urls");
    assertThat(urls.get("url").asText())
        .isEqualTo("postgresql://ann@db.example.com:6432/shop%40pr-9");
    assertThat(urls.get("jdbc").asText()).startsWith("jdbc:postgresql://db.example.com:6432/");
    // Its pattern names no database, which some tools need.
    JsonNode without = Client.json(administrator.get(ENVIRONMENTS + "/ci-9/urls")).get("urls");
    assertThat(without.get("url").asText()).endsWith("/ci-9");
    assertThat(without.get("jdbc").isNull()).isTrue();
    assertThat(administrator.get(ENVIRONMENTS + "/qa/urls").statusCode()).isEqualTo(404);
    assertThat(administrator.get(ENVIRONMENTS + "/A/urls").statusCode()).isEqualTo(400);
    assertThat(administrator.get(ENVIRONMENTS + "/pr-9/urls?host=a%20b").statusCode())
        .isEqualTo(400);
  }

  @Test
  void takesUpOtherSettings() throws Exception {
    served.reload =
        () -> new Reloaded(List.of("http.port"), List.of(new Problem("f", 1, "k", "mind")));
    JsonNode reloaded = Client.json(administrator.post("/api/v1/reload", null));
    assertThat(reloaded.get("waiting").get(0).asText()).isEqualTo("http.port");

    served.reload =
        () -> {
          throw OperationException.of(
              "F0000", "the settings cannot be taken up", "a:1: wrong\na:2: too", null);
        };
    HttpResponse<String> refused = administrator.post("/api/v1/reload", null);
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(Client.json(refused).get("detail").asText()).isEqualTo("a:1: wrong\na:2: too");
  }

  @Test
  void saysWhenItIsNotReady() throws Exception {
    Client stranger = administrator.with(null);
    assertThat(stranger.get("/readyz").statusCode()).isEqualTo(200);
    served.ready = false;
    assertThat(stranger.get("/readyz").statusCode()).isEqualTo(503);
    assertThat(stranger.get("/healthz").statusCode()).isEqualTo(200);
    served.ready = true;
  }

  @Test
  void refusesWhatCannotBe() throws Exception {
    assertThat(administrator.get(ENVIRONMENTS + "/pr-none").statusCode()).isEqualTo(404);
    for (String body :
        List.of(
            "{}",
            "{\"name\":null}",
            "{\"name\":\"no name\"}",
            "{\"name\":\"PR-1\"}",
            "{\"name\":\"pr-x\",\"from\":{}}",
            "{\"name\":\"pr-x\",\"from\":{\"source\":\"a\",\"snapshot\":\"b\"}}",
            "{\"name\":\"pr-x\",\"from\":{\"snapshot\":\"b\"},\"fresh\":true}",
            "{\"name\":\"pr-x\",\"fresh\":\"true\"}",
            "{\"name\":\"pr-x\",\"label\":\"" + "x".repeat(1_001) + "\"}",
            "{\"name\":\"pr-x\",\"owner\":\"me\"}")) {
      HttpResponse<String> refused = administrator.post(ENVIRONMENTS, body);
      assertThat(refused.statusCode()).as(body + ": " + refused.body()).isEqualTo(400);
    }
    assertThat(administrator.post(ENVIRONMENTS, "{\"name\":\"qa\"}").statusCode()).isEqualTo(404);
    assertThat(administrator.post(ENVIRONMENTS + "/pr-1/extend", "{\"by\":\"x\"}").statusCode())
        .isEqualTo(400);
    assertThat(administrator.post(ENVIRONMENTS + "/pr-1/extend", "{}").statusCode()).isEqualTo(400);
    assertThat(administrator.post(ENVIRONMENTS + "/pr-1/resume", "{\"force\":true}").statusCode())
        .isEqualTo(400);
    assertThat(administrator.post(ENVIRONMENTS + "/pr-1/undrop", null).statusCode()).isEqualTo(404);
  }

  private JsonNode get(String name) throws Exception {
    return Client.json(administrator.get(ENVIRONMENTS + "/" + name));
  }

  private void drop(String name) throws Exception {
    assertThat(administrator.send("DELETE", ENVIRONMENTS + "/" + name, null).statusCode())
        .isEqualTo(204);
  }

  private List<String> names(String path) throws Exception {
    return names(administrator, path);
  }

  private static List<String> names(Client client, String path) throws Exception {
    List<String> names = new ArrayList<>();
    Client.json(client.get(path))
        .get("items")
        .forEach(item -> names.add(item.get("name").asText()));
    return names;
  }
}
