package dev.understudy.integration;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be seen of an environment, and of what operations change beside it.
 *
 * @param state null: there is no such environment, and nothing of it
 * @param trash how many of its name are in it
 * @param snapshot the moment that the source's newest is of
 * @param patterns how many the settings have
 */
record Seen(
    @Nullable String state,
    boolean guarded,
    boolean kept,
    @Nullable String label,
    int sessions,
    int trash,
    String snapshot,
    int patterns) {

  /** Asks the HTTP API. */
  static Seen byHttp(Ways ways, String environment, String source) throws Exception {
    String snapshot = ways.answered("/api/v1/sources/" + source).path("data_time").asText();
    int patterns = ways.answered("/api/v1").path("patterns").size();
    int trash = 0;
    for (JsonNode one : ways.answered("/api/v1/trash?limit=1000").path("items")) {
      trash += one.path("name").asText().equals(environment) ? 1 : 0;
    }
    for (JsonNode one : ways.answered("/api/v1/environments").path("items")) {
      if (one.path("name").asText().equals(environment)) {
        return new Seen(
            one.path("state").asText(),
            one.path("protected").asBoolean(),
            !one.path("kept_until").isNull(),
            one.path("label").textValue(),
            one.path("sessions").asInt(),
            trash,
            snapshot,
            patterns);
      }
    }
    return new Seen(null, false, false, null, 0, trash, snapshot, patterns);
  }

  /** Asks the console. */
  static Seen byConsole(Ways ways, String environment, String source) throws Exception {
    String snapshot =
        String.valueOf(
            named(ways.shown("SHOW SOURCES"), "name", source).orElseThrow().get("data_time"));
    int patterns =
        (int)
            ways.shown("SHOW CONFIG").stream()
                .filter(setting ->
                    String.valueOf(setting.get("key")).matches("environments\\..*\\.source"))
                .count();
    int trash =
        (int)
            ways.shown("SHOW TRASH").stream()
                .filter(trashed -> environment.equals(trashed.get("name")))
                .count();
    Optional<Map<String, @Nullable Object>> found =
        named(ways.shown("SHOW ENVIRONMENTS"), "name", environment);
    if (found.isEmpty()) {
      return new Seen(null, false, false, null, 0, trash, snapshot, patterns);
    }
    Map<String, @Nullable Object> one = found.get();
    return new Seen(
        String.valueOf(one.get("state")),
        Boolean.TRUE.equals(one.get("protected")),
        one.get("kept_until") != null,
        (String) one.get("label"),
        ((Number) requireNonNull(one.get("sessions"))).intValue(),
        trash,
        snapshot,
        patterns);
  }

  /** The first row that has a value in a column. */
  static Optional<Map<String, @Nullable Object>> named(
      List<Map<String, @Nullable Object>> rows, String column, String value) {
    return rows.stream().filter(row -> value.equals(row.get(column))).findFirst();
  }
}
