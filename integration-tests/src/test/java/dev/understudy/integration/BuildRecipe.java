package dev.understudy.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The job of a build as a document shows it, run as a runner would run it. */
final class BuildRecipe {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\n(.*?)^```");
  private static final Pattern VARIABLE = Pattern.compile("(?m)^ +(PG[A-Z]+): ([^#\n]*)");
  private static final Pattern STEP = Pattern.compile("(?m)^ +- (?:run: )?(psql .*)$");

  /** What the forge puts in the place of its own expressions and variables. */
  private static final Map<String, String> OF_THE_FORGE =
      Map.of(
          "${{ github.event.number }}", "12",
          "${{ github.run_id }}", "34",
          "${{ github.run_attempt }}", "1",
          "${{ secrets.STAGING_PASSWORD }}", Shop.PASSWORD,
          "$CI_MERGE_REQUEST_IID", "12",
          "$CI_PIPELINE_ID", "34");

  private final Map<String, String> variables;
  private final List<String> steps;

  private BuildRecipe(Map<String, String> variables, List<String> steps) {
    this.variables = Map.copyOf(variables);
    this.steps = List.copyOf(steps);
  }

  /** The first of a page. */
  static BuildRecipe of(Path page) throws IOException {
    Matcher block = BLOCK.matcher(Files.readString(page));
    if (!block.find()) {
      throw new IllegalArgumentException(page + " has no YAML");
    }
    Map<String, String> variables = new HashMap<>();
    VARIABLE
        .matcher(block.group(1))
        .results()
        .forEach(variable ->
            variables.put(variable.group(1), filled(variable.group(2).strip().replace("\"", ""))));
    return new BuildRecipe(
        variables,
        STEP.matcher(block.group(1))
            .results()
            .map((MatchResult step) -> filled(step.group(1)))
            .toList());
  }

  private static String filled(String text) {
    String filled = text;
    for (Map.Entry<String, String> one : OF_THE_FORGE.entrySet()) {
      filled = filled.replace(one.getKey(), one.getValue());
    }
    return filled;
  }

  List<String> steps() {
    return steps;
  }

  /**
   * Runs its steps; what they have written, with the exit code at the end.
   *
   * @param checkout the directory that it has been checked out to
   * @param port of the proxy on this host
   */
  String run(Path checkout, int port) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-euc", onThisHost(String.join("\n", steps), port))
            .directory(checkout.toFile())
            .redirectErrorStream(true);
    variables.forEach((name, value) -> builder.environment().put(name, value));
    builder.environment().putIfAbsent("PGPASSWORD", Shop.PASSWORD);
    if (variables.containsKey("PGHOST")) {
      builder.environment().put("PGHOST", "127.0.0.1");
      builder.environment().put("PGPORT", Integer.toString(port));
    }
    // The proxy of the test has no certificate.
    builder.environment().put("PGSSLMODE", "disable");
    Process shell = builder.start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output + "exit " + shell.waitFor();
  }

  private static String onThisHost(String steps, int port) {
    return steps.replace("host=db.example.com port=6432", "host=127.0.0.1 port=" + port);
  }
}
