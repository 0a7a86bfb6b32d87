package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever settings the documents show can be pasted: the reader takes them. */
class DocumentedSettingsTest {
  private static final Pattern BLOCK = Pattern.compile("(?m)(?<=\\n\\n)((?: {4}.*)?\\n)+");

  /** As settings begin, and nothing else that is shown. */
  private static final Pattern SETTINGS =
      Pattern.compile("(understudy|mask|[a-z-]+(\\.[a-z-]+)+) *(\\{|= *\\[)(?s:.*)");

  private static final Map<String, String> VARIABLES =
      Map.of(
          "ALICE_PASSWORD", "secret of alice",
          "MASK_KEY", "a key of thirty-two characters, or more",
          "PRODUCTION_PASSWORD", "secret",
          "WEBHOOK_SECRET", "a secret of a webhook");

  private static final String HASH = "0123456789abcdef".repeat(4);

  @TempDir Path directory;

  record Shown(String page, String settings) {
    @Override
    public String toString() {
      return page + ": " + settings.lines().findFirst().orElse("");
    }
  }

  static Stream<Shown> shown() throws IOException {
    try (Stream<Path> pages = Files.walk(Path.of("../docs"))) {
      return Stream.concat(Stream.of(Path.of("../README.md")), pages.toList().stream())
          .filter(page -> page.toString().endsWith(".md"))
          .flatMap(DocumentedSettingsTest::shownBy);
    }
  }

  private static Stream<Shown> shownBy(Path page) {
    try {
      return BLOCK
          .matcher(Files.readString(page))
          .results()
          .map(MatchResult::group)
          .map(block -> block.replaceAll("(?m)^ {4}", "").strip())
          .filter(block -> SETTINGS.matcher(block).matches())
          .map(block -> new Shown(page.toString(), block));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theDocumentsShowSettings() throws Exception {
    try (Stream<Shown> shown = shown()) {
      assertThat(shown.map(Shown::page).distinct()).hasSizeGreaterThan(5);
    }
  }

  @ParameterizedTest
  @MethodSource("shown")
  void canBePasted(Shown shown) throws Exception {
    Path file = Files.writeString(directory.resolve("understudy.conf"), whole(shown.settings));

    assertThat(SettingsFile.read(file, VARIABLES).settings().sources()).isNotEmpty();
  }

  /** With what has to stand beside a part. */
  private static String whole(String settings) {
    String text = settings.replace("sha256:…", "sha256:" + HASH);
    if (text.startsWith("understudy")) {
      return text;
    }
    boolean isSource = text.startsWith("sources.prod {");
    List<String> lines =
        Arrays.asList(
            "understudy {",
            isSource ? "" : "sources.prod.type = directory",
            isSource ? "" : "sources.prod.directory = /srv/production",
            "environments { \"pr-*\" { source = prod, database = shop } }",
            text.startsWith("mask") ? "sources.prod." + text : text,
            "}");
    return String.join("\n", lines);
  }
}
