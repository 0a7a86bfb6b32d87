package dev.understudy.server.console;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.server.Main;
import dev.understudy.server.console.Command.Subject;
import dev.understudy.server.http.HttpApi;
import dev.understudy.testing.OperationsTable;
import dev.understudy.testing.OperationsTable.Row;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of operations is complete, for the console, over HTTP and from the shell. */
class OperationsTableTest {
  /** Commands that do what others do, one after the other. */
  private static final Set<String> COMPOSED = Set.of("wait", "run");

  /** What is for others than those who operate. */
  private static final Set<String> OTHER_ROUTES =
      Set.of(
          "GET /",
          "GET /healthz",
          "GET /readyz",
          "GET /openapi.json",
          "GET /metrics",
          "POST /webhooks/{name}");

  @Test
  void theTableHasEveryCommandOfTheConsole() {
    assertThat(column(OperationsTable.changes(), Row::console))
        .isEqualTo(names(Grammar.values(), ""));
    assertThat(column(OperationsTable.looks(), Row::console))
        .isEqualTo(names(Subject.values(), "SHOW "));
  }

  private static Set<String> names(Enum<?>[] words, String before) {
    return Arrays.stream(words)
        .map(word -> before + word.name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theTableHasEveryRouteOfTheApi() throws Exception {
    assertThat(routes(method -> !method.equals("get")))
        .isEqualTo(column(OperationsTable.changes(), Row::http));
    assertThat(routes(method -> method.equals("get")))
        .isEqualTo(column(OperationsTable.looks(), Row::http));
  }

  private static Set<String> routes(Predicate<String> isWanted) throws Exception {
    JsonNode document;
    try (InputStream in = HttpApi.class.getResourceAsStream("openapi.json")) {
      document = new JsonMapper().readTree(requireNonNull(in, "openapi.json is missing"));
    }
    Set<String> routes = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                  if (isWanted.test(method)) {
                    routes.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                  }
                }));
    routes.removeAll(OTHER_ROUTES);
    return routes;
  }

  @Test
  void theTableHasEveryCommandOfTheShellThatAsksTheDaemon() {
    Set<String> remote =
        Main.commandLine().getSubcommands().entrySet().stream()
            .filter(command ->
                command
                    .getValue()
                    .getCommandSpec()
                    .userObject()
                    .getClass()
                    .getName()
                    .contains(".command.remote."))
            .map(Map.Entry::getKey)
            .filter(name -> !COMPOSED.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));

    Set<String> known = column(OperationsTable.changes(), Row::cli);
    known.addAll(column(OperationsTable.looks(), Row::cli));
    known.removeIf(command -> command.contains(" --"));
    assertThat(remote).isEqualTo(known);
  }

  private static Set<String> column(List<Row> rows, Function<Row, @Nullable String> of) {
    return rows.stream()
        .map(of)
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
