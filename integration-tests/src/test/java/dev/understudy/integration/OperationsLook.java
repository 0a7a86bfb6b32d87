package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.understudy.testing.OperationsTable.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at the same by each way that has it: all of them show the same. */
final class OperationsLook {
  private static final List<String> OF_ENVIRONMENTS =
      List.of("name", "state", "source", "sessions", "owner", "label", "protected");

  private final Ways ways;
  private final String environment;
  private final String source;

  OperationsLook(Ways ways, String environment, String source) {
    this.ways = ways;
    this.environment = environment;
    this.source = source;
  }

  void compare(Row row) throws Exception {
    String subject = row.name();
    switch (subject) {
      case "SHOW ENVIRONMENTS" -> compareLists(row, OF_ENVIRONMENTS);
      case "SHOW CLONES" -> compareLists(row, List.of("environment", "id", "state"));
      case "SHOW SNAPSHOTS" ->
          compareLists(row, List.of("id", "source", "version", "bytes", "databases", "masked"));
      case "SHOW FINDINGS" -> compareFindings(row);
      case "SHOW SOURCES" ->
          compareLists(row, List.of("name", "type", "snapshots", "lag_bytes", "connected"));
      case "SHOW TRASH" -> compareLists(row, List.of("name", "id", "reason", "source", "owner"));
      case "SHOW USAGE" -> compareLists(row, List.of("day", "role", "pattern"));
      case "SHOW VERSION" ->
          assertThat(ways.shown(subject).getFirst().get("version"))
              .isEqualTo("Understudy " + ways.answered(path(row)).path("version").asText());
      case "GET /api/v1/environments/{name}" ->
          assertThat(values(ways.printed(command(row, environment)), OF_ENVIRONMENTS))
              .isEqualTo(values(ways.answered(path(row)), OF_ENVIRONMENTS));
      case "GET /api/v1/environments/{name}/log" ->
          assertThat(ways.printed(command(row, environment)).path("lines"))
              .isEqualTo(ways.answered(path(row)).path("lines"))
              .isNotEmpty();
      case "GET /api/v1/environments/{name}/urls" ->
          assertThat(ways.answered(path(row)).path("urls").path("url").asText())
              .contains(environment);
      case "GET /api/v1/sources/{name}" ->
          assertThat(ways.answered(path(row)))
              .isEqualTo(ways.answered("/api/v1/sources").path("items").path(0));
      case "GET /api/v1/tasks" ->
          assertThat(ways.answered(path(row)).path("items").path(0).path("operation").asText())
              .contains(" ");
      case "GET /api/v1/tasks/{id}" -> {
        JsonNode task = ways.answered("/api/v1/tasks").path("items").path(0);
        assertThat(
                ways.answered(path(row).replace("{id}", task.path("id").asText()))
                    .path("operation"))
            .isEqualTo(task.path("operation"));
      }
      case "GET /api/v1/events" -> assertThat(ways.firstEvent(path(row))).contains("ready");
      default -> {
        assertThat(row.http()).as("nobody looks at " + subject).isNull();
        assertThat(row.cli()).as("nobody looks at " + subject).isNull();
        assertThat(ways.shown(subject)).as(subject).isNotEmpty();
      }
    }
  }

  /** Of the youngest snapshot, whose roles had passwords. */
  private void compareFindings(Row row) throws Exception {
    List<String> columns = List.of("kind", "database", "name", "action");
    String snapshot = ways.answered("/api/v1/snapshots").path("items").path(0).path("id").asText();
    List<List<String>> answered =
        values(ways.answered(path(row).replace("{id}", snapshot)).path("items"), columns);

    assertThat(answered).isNotEmpty();
    assertThat(shown(row.name() + " " + snapshot, columns)).isEqualTo(answered);
    assertThat(shown(row.name(), columns)).containsAll(answered);
    assertThat(values(ways.printed(command(row, snapshot)), columns)).isEqualTo(answered);
  }

  private List<List<String>> shown(String command, List<String> columns) throws SQLException {
    List<List<String>> shown = new ArrayList<>();
    for (Map<String, @Nullable Object> one : ways.shown(command)) {
      shown.add(columns.stream().map(column -> String.valueOf(one.get(column))).toList());
    }
    return shown;
  }

  private void compareLists(Row row, List<String> columns) throws Exception {
    List<List<String>> answered = values(ways.answered(path(row)).path("items"), columns);

    assertThat(shown(row.name(), columns))
        .as(row.name())
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(answered);
    if (row.cli() != null) {
      assertThat(values(ways.printed(command(row)), columns)).as(row.cli()).isEqualTo(answered);
    }
  }

  /** Of all items, or of one. */
  private static List<List<String>> values(JsonNode json, List<String> columns) {
    ArrayNode items =
        json instanceof ArrayNode array ? array : JsonNodeFactory.instance.arrayNode().add(json);
    List<List<String>> values = new ArrayList<>();
    for (JsonNode item : items) {
      values.add(columns.stream().map(column -> text(item.path(column))).toList());
    }
    return values;
  }

  /** The console counts what the API lists. */
  private static String text(JsonNode value) {
    return value.isArray() ? Integer.toString(value.size()) : value.asText();
  }

  private String path(Row row) {
    String route = String.valueOf(row.http());
    return route
        .substring("GET ".length())
        .replace("{name}", route.contains("/sources/") ? source : environment);
  }

  private static String[] command(Row row, String... more) {
    List<String> words = new ArrayList<>(Arrays.asList(String.valueOf(row.cli()).split(" ", -1)));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }
}
