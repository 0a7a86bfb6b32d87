package dev.understudy.server.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.understudy.server.Main;
import dev.understudy.server.http.HttpApi;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What can be done by the console can be done over HTTP, from the shell and on the page, too. */
class OperationsTableTest {
  /** Commands that only look, or that do what others do. */
  private static final Set<String> LOOKS =
      Set.of("ls", "show", "logs", "sources", "snapshots", "usage", "wait", "run");

  /** Whose operations are the forges', and stand in no table. */
  private static final String WEBHOOKS = "/webhooks";

  private static final String ONE = "/api/v1/environments/{name}";

  /**
   * One operation.
   *
   * @param http method and path; null: it is for the console alone
   * @param cli null: the same
   * @param page what its script asks for; null: it is not on the page
   */
  private record Row(@Nullable String http, @Nullable String cli, @Nullable String page) {}

  private static final Map<Grammar, Row> TABLE = new EnumMap<>(Grammar.class);

  static {
    TABLE.put(
        Grammar.CREATE, new Row("POST /api/v1/environments", "create", "'POST', 'environments'"));
    for (Grammar form :
        List.of(
            Grammar.REFRESH,
            Grammar.RESET,
            Grammar.SUSPEND,
            Grammar.RESUME,
            Grammar.PROTECT,
            Grammar.UNPROTECT,
            Grammar.EXTEND)) {
      String word = form.name().toLowerCase(Locale.ROOT);
      TABLE.put(form, new Row("POST " + ONE + "/" + word, word, "post('" + word + "'"));
    }
    TABLE.put(Grammar.COMMENT, new Row("PUT " + ONE + "/label", "label", "/label"));
    TABLE.put(Grammar.DROP, new Row("DELETE " + ONE, "drop", "'DELETE'"));
    TABLE.put(Grammar.UNDROP, new Row("POST " + ONE + "/undrop", "undrop", "/undrop`"));
    TABLE.put(
        Grammar.SNAPSHOT,
        new Row("POST /api/v1/sources/{name}/snapshots", "snapshot", "/snapshots`"));
    TABLE.put(Grammar.RELOAD, new Row("POST /api/v1/reload", null, null));
    TABLE.put(Grammar.KILL_CLIENT, new Row(null, null, null));
    TABLE.put(Grammar.SHUTDOWN, new Row(null, null, null));
  }

  @Test
  void theTableHasEveryCommandOfTheConsole() {
    assertThat(TABLE.keySet()).containsExactlyInAnyOrder(Grammar.values());
  }

  @Test
  void everyOperationIsThereOverHttpAndNoOther() throws Exception {
    JsonNode document;
    try (InputStream in = resource("openapi.json")) {
      document = new JsonMapper().readTree(in);
    }
    Set<String> changing = new TreeSet<>();
    document.path("paths").properties().stream()
        .filter(path -> !path.getKey().startsWith(WEBHOOKS))
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(method -> {
                  if (!method.equals("get")) {
                    changing.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                  }
                }));

    assertThat(changing).isEqualTo(column(Row::http));
  }

  @Test
  void everyOperationIsThereFromTheShellAndNoOther() {
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
            .filter(name -> !LOOKS.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(remote).isEqualTo(column(Row::cli));
  }

  @Test
  void everyOperationIsThereOnThePage() throws Exception {
    StringBuilder scripts = new StringBuilder();
    for (String name : List.of("actions.js", "api.js", "details.js")) {
      try (InputStream in = resource("page/" + name)) {
        scripts.append(new String(in.readAllBytes(), UTF_8));
      }
    }

    assertThat(scripts.toString()).contains(column(Row::page));
  }

  private static Set<String> column(Function<Row, @Nullable String> of) {
    return Arrays.stream(Grammar.values())
        .map(form -> of.apply(requireNonNull(TABLE.get(form), form.name())))
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = HttpApi.class.getResourceAsStream(name);
    if (in == null) {
      throw new IOException(name + " is missing");
    }
    return in;
  }
}
