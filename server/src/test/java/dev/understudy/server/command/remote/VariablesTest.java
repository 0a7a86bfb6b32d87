package dev.understudy.server.command.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.server.CommandException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {
  @Test
  void libpqAndFrameworksAreToldTheSame() throws Exception {
    assertThat(
            variables("postgresql://app@db.example.com:6432/shop%40pr-1?sslmode=require", "rails"))
        .isEqualTo(
            Map.of(
                "UNDERSTUDY_ENVIRONMENT", "pr-1",
                "DATABASE_URL", "postgresql://app%40pr-1@db:6432/shop",
                "JDBC_DATABASE_URL", "jdbc:postgresql://db:6432/shop",
                "PGHOST", "db.example.com",
                "PGPORT", "6432",
                "PGUSER", "app",
                "PGDATABASE", "shop@pr-1",
                "PGSSLMODE", "require"));
  }

  @Test
  void addressesOfVersion6HaveNoBracketsForLibpq() throws Exception {
    assertThat(variables("postgresql://a%40b@[::1]:6432/shop%40pr-1", "url"))
        .containsEntry("PGHOST", "::1")
        .containsEntry("PGUSER", "a@b")
        .doesNotContainKey("PGSSLMODE");
  }

  @Test
  void whatHasNoFormWithoutADatabaseIsLeftOutOrRefused() throws Exception {
    JsonNode urls =
        new JsonMapper().readTree("{\"url\": \"postgresql://app@db:6432/ci-9\", \"jdbc\": null}");
    assertThat(Variables.of("ci-9", urls, "url"))
        .containsEntry("DATABASE_URL", "postgresql://app@db:6432/ci-9")
        .doesNotContainKey("JDBC_DATABASE_URL");
    assertThatThrownBy(() -> Variables.of("ci-9", urls, "jdbc"))
        .isInstanceOf(CommandException.class)
        .hasMessage("environment \"ci-9\" has no connection string for jdbc")
        .extracting(e -> ((CommandException) e).hint())
        .isEqualTo("Give --database.");
  }

  private static Map<String, String> variables(String url, String form) throws Exception {
    return Variables.of(
        "pr-1",
        new JsonMapper()
            .readTree(
                """
                {"url": "%s", "rails": "postgresql://app%%40pr-1@db:6432/shop",
                 "jdbc": "jdbc:postgresql://db:6432/shop"}
                """
                    .formatted(url)),
        form);
  }
}
