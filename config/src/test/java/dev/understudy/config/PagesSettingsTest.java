package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that the pages show are settings. */
class PagesSettingsTest {
  private static final Path ROOT = Path.of("..");
  private static final String INDENT = "    ";
  private static final Pattern SETTINGS = Pattern.compile("[a-z][\\w.*\"-]* [={]\\s");

  private static final Map<String, String> VARIABLES =
      Map.of(
          "ALICE_PASSWORD", "swordfish",
          "PRODUCTION_PASSWORD", "swordfish",
          "WEBHOOK_SECRET", "a secret of thirty-two characters.",
          "MASK_KEY", "a key of thirty-two characters...");

  private static final String SOURCE =
      "sources.prod {\ntype = directory, directory = /var/lib/postgresql/15/main\n%s}\n";
  private static final String ENVIRONMENTS =
      "environments.\"pr-*\" { source = prod, database = shop }\n";

  @TempDir Path directory;

  /** What a page shows of a token. */
  private static final String HASH = "sha256:…";

  /**
   * One of the blocks.
   *
   * @param page relative to the root of the project
   */
  record Example(String page, String text) {
    private boolean mask() {
      return text.startsWith("mask ");
    }

    /** With what is around it. */
    String whole() {
      if (text.startsWith("understudy ")) {
        return text;
      }
      return "understudy {\n"
          + (text.startsWith("sources.") ? "" : SOURCE.formatted(mask() ? text : ""))
          + (text.startsWith("environments") ? "" : ENVIRONMENTS)
          + (mask() ? "" : text).replace(HASH, "sha256:" + "0".repeat(64))
          + "}\n";
    }
  }

  static List<Example> examples() throws Exception {
    List<Example> examples = new ArrayList<>();
    try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
      for (Path page :
          Stream.concat(Stream.of(ROOT.resolve("README.md")), pages)
              .filter(file -> file.toString().endsWith(".md"))
              .sorted()
              .toList()) {
        String name = ROOT.relativize(page).toString();
        blocks(page).stream()
            .filter(block -> SETTINGS.matcher(block).lookingAt())
            .forEach(block -> examples.add(new Example(name, block)));
      }
    }
    return examples;
  }

  /** The indented ones; an empty line within does not end one. */
  private static List<String> blocks(Path page) throws Exception {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = new StringBuilder();
    List<String> lines = new ArrayList<>(Files.readAllLines(page));
    lines.add("the end");
    for (String line : lines) {
      if (line.startsWith(INDENT)) {
        block.append(line.substring(INDENT.length())).append('\n');
      } else if (!line.isEmpty() && !block.isEmpty()) {
        blocks.add(block.toString());
        block.setLength(0);
      }
    }
    return blocks;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isReadWithoutAnError(Example example) throws Exception {
    Path file = Files.writeString(directory.resolve("understudy.conf"), example.whole());

    assertThat(SettingsFile.read(file, VARIABLES).settings().sources()).containsKey("prod");
  }

  @Test
  void thePagesThatShowSettingsAreKnown() throws Exception {
    assertThat(examples().stream().map(Example::page))
        .contains("README.md", "docs/configuration.md", "docs/masking.md", "docs/sources.md");
  }
}
