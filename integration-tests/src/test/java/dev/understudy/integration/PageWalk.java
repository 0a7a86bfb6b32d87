package dev.understudy.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A script of {@code page/}, which looks at the page in a browser. Pictures go to its target. */
final class PageWalk {
  private static final Path SCRIPTS = Path.of("page").toAbsolutePath();
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final String DO = "do ";

  private final String script;
  private final Map<String, String> variables;

  PageWalk(String script, Map<String, String> variables) {
    this.script = script;
    this.variables = Map.copyOf(variables);
  }

  /** What happens elsewhere while somebody looks. */
  @FunctionalInterface
  interface Elsewhere {
    void happen(String what) throws Exception;
  }

  static void assumeInstalled() {
    assumeTrue(Files.isExecutable(CHROMIUM), "not installed: chromium");
    assumeTrue(
        Files.isDirectory(SCRIPTS.resolve("node_modules/playwright-core")),
        "not installed: npm ci");
  }

  /**
   * Walks to the end; whatever the script cannot do itself is done on the way.
   *
   * @return what the script has said
   */
  List<String> walk(Elsewhere elsewhere) throws Exception {
    Path pictures = Files.createDirectories(Path.of("target", "page").toAbsolutePath());
    ProcessBuilder builder =
        new ProcessBuilder("node", script).directory(SCRIPTS.toFile()).redirectErrorStream(true);
    builder.environment().putAll(variables);
    builder.environment().put("SCREENSHOTS", pictures.toString());
    builder.environment().put("CHROMIUM", CHROMIUM.toString());
    Process process = builder.start();
    List<String> said = new ArrayList<>();
    try (BufferedReader out = process.inputReader();
        BufferedWriter in = process.outputWriter()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.add(line);
        if (line.startsWith(DO)) {
          elsewhere.happen(line.substring(DO.length()));
          say(in, "done");
        }
      }
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      // Its browser goes with it.
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(String.join("\n", said)).isZero();
    assertThat(said).anyMatch(line -> line.startsWith("ok "));
    return said;
  }

  private static void say(BufferedWriter in, String line) throws IOException {
    in.write(line);
    in.newLine();
    in.flush();
  }
}
