package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Whoever asks is told what of production's was found in a snapshot, and no secret of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FindingsIT {
  private static final String SECRET = "hunter2";

  /** Kind, database, name and action of some. */
  private static final List<String> FOUND =
      List.of(
          "setting|null|archive_command|left out",
          "role_setting|shop|session_preload_libraries of app|taken out",
          "replication_slot|null|feed|left out",
          "subscription|shop|incoming|dropped",
          "foreign_server|shop|elsewhere|made to lead nowhere, by its options host",
          "user_mapping|shop|app at elsewhere|taken out: password",
          "password|null|app|replaced by one that nobody knows");

  private Shop shop;
  private Ways ways;
  private String snapshot;

  @BeforeAll
  void open() throws Exception {
    shop =
        Shop.open(
            Installations.embedded(),
            null,
            "\"pr-*\" { source = prod, database = shop }",
            """
            users.root { password = r, role = postgres, admin = true }
            http.port = 0
            """);
    production(
        "postgres",
        "ALTER SYSTEM SET archive_mode = on",
        "ALTER SYSTEM SET archive_command = 'PGPASSWORD=%s true'".formatted(SECRET));
    shop.production().stop();
    shop.production().start();
    production(
        "shop",
        "CREATE SUBSCRIPTION incoming CONNECTION 'host=db.example.com password=%s' PUBLICATION p WITH (connect = false)"
            .formatted(SECRET),
        "SELECT pg_create_logical_replication_slot('feed', 'pgoutput')",
        "CREATE FOREIGN DATA WRAPPER plain",
        "CREATE SERVER elsewhere FOREIGN DATA WRAPPER plain OPTIONS (host '%s.example.com')"
            .formatted(SECRET),
        "CREATE USER MAPPING FOR app SERVER elsewhere OPTIONS (user 'app', password '%s')"
            .formatted(SECRET),
        "ALTER ROLE app IN DATABASE shop SET session_preload_libraries = '%s'".formatted(SECRET),
        "CREATE UNLOGGED TABLE basket AS SELECT '%s' AS content".formatted(SECRET));
    ways = Ways.open(shop, "root", "r", shop.httpToken());
    assertThat(ways.console("SNAPSHOT SOURCE prod")).isNull();
    snapshot = ways.answered("/api/v1/snapshots").path("items").path(0).path("id").asText();
  }

  @AfterAll
  void close() throws Exception {
    if (ways != null) {
      ways.close();
    }
    shop.close();
  }

  private void production(String database, String... statements) throws SQLException {
    try (Connection connection = shop.production().connect(database, "postgres");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void theConsoleShowsThem() throws Exception {
    assertTold(told(ways.shown("SHOW FINDINGS " + snapshot)));
    assertTold(
        told(
            ways.shown("SHOW FINDINGS").stream()
                .filter(row -> snapshot.equals(row.get("snapshot")))
                .toList()));
  }

  @Test
  void theApiAnswersThem() throws Exception {
    JsonNode answer = ways.answered("/api/v1/snapshots/" + snapshot + "/findings");

    assertTold(told(answer.path("items")));
  }

  @Test
  void theCommandLinePrintsThem() throws Exception {
    assertTold(told(ways.printed("findings", snapshot)));
  }

  private static void assertTold(Collection<String> told) {
    assertThat(told)
        .containsAll(FOUND)
        .anyMatch(one -> one.startsWith("unlogged_relation|shop|public.basket|empty"))
        .noneMatch(one -> one.contains(SECRET) || one.contains("SCRAM"));
  }

  private static List<String> told(JsonNode findings) {
    return StreamSupport.stream(findings.spliterator(), false)
        .map(one ->
            line(one.path("kind"), one.path("database"), one.path("name"), one.path("action")))
        .toList();
  }

  private static String line(JsonNode kind, JsonNode database, JsonNode name, JsonNode action) {
    return String.join("|", kind.asText(), database.asText(), name.asText(), action.asText());
  }

  private static List<String> told(List<Map<String, @Nullable Object>> rows) {
    return rows.stream()
        .map(row ->
            "%s|%s|%s|%s"
                .formatted(
                    row.get("kind"), row.get("database"), row.get("name"), row.get("action")))
        .toList();
  }
}
