package dev.understudy.integration;

import static java.util.Objects.requireNonNull;

import dev.understudy.testing.OperationsTable.Row;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The same, as it is asked for by each way.
 *
 * @param command of the console
 * @param route of the HTTP API
 * @param words of the shell; none: it has no such command
 */
record Asked(String command, String route, @Nullable String body, List<String> words) {
  static final String ENVIRONMENTS = "POST /api/v1/environments";

  /** For what the table has for one environment. */
  static Asked of(Row row, String name) {
    String value =
        switch (row.name()) {
          case "EXTEND" -> " BY '1 day'";
          case "COMMENT" -> " IS 'x'";
          default -> "";
        };
    String on = row.name().equals("COMMENT") ? " ON" : "";
    return new Asked(
        "%s%s ENVIRONMENT \"%s\"%s".formatted(row.name(), on, name, value),
        requireNonNull(row.http()).replace("{name}", name.replace(" ", "%20")),
        switch (row.name()) {
          case "EXTEND" -> "{\"by\":\"1 day\"}";
          case "COMMENT" -> "{\"label\":\"x\"}";
          default -> null;
        },
        switch (row.name()) {
          case "EXTEND" -> List.of("extend", name, "1 day");
          case "COMMENT" -> List.of("label", name, "x");
          default -> List.of(requireNonNull(row.cli()), name);
        });
  }

  /**
   * To make an environment.
   *
   * @param from of the command; empty: what the settings say
   * @param origin the same, of the body
   */
  static Asked creation(String name, String from, String origin) {
    List<String> words =
        from.isEmpty()
            ? List.of("create", name)
            : List.of(
                "create",
                name,
                "--" + from.split(" ", -1)[1].toLowerCase(Locale.ROOT),
                origin.substring(origin.indexOf(':') + 2, origin.length() - 1));
    return new Asked(
        "CREATE ENVIRONMENT \"%s\" %s".formatted(name, from),
        ENVIRONMENTS,
        from.isEmpty()
            ? "{\"name\":\"%s\"}".formatted(name)
            : "{\"name\":\"%s\",\"from\":{%s}}".formatted(name, origin),
        words);
  }

  static Asked snapshot(String source) {
    return new Asked(
        "SNAPSHOT SOURCE " + source,
        "POST /api/v1/sources/%s/snapshots".formatted(source),
        null,
        List.of("snapshot", source));
  }

  String[] wordsOfShell() {
    return words.toArray(String[]::new);
  }
}
