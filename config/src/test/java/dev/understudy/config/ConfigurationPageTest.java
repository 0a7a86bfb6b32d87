package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/configuration.md is complete: it knows the keys that the reader knows, and no others. */
class ConfigurationPageTest {
  static final Path PAGE = Path.of("../docs/configuration.md");
  private static final Pattern HEADING = Pattern.compile("(?m)^### `([^`]+)`");

  @TempDir Path directory;

  @Test
  void pageAndReaderKnowTheSameKeys() throws Exception {
    Problems problems = new Problems();
    Path file = Files.writeString(directory.resolve("all.conf"), SettingsFileTest.EVERY_KEY);
    SettingsFile.read(file, Map.of(), problems);
    SortedSet<String> sections =
        problems.knownKeys().stream()
            .filter(key -> !key.equals("understudy"))
            .map(ConfigurationPageTest::general)
            .collect(Collectors.toCollection(TreeSet::new));
    // A section is documented by the keys in it.
    SortedSet<String> keys = new TreeSet<>(sections);
    keys.removeIf(key -> sections.stream().anyMatch(other -> other.startsWith(key + ".")));

    assertThat(documented()).isEqualTo(keys);
  }

  @Test
  void everySettingHasADefaultLine() throws Exception {
    for (String form : Files.readString(PAGE).split("(?m)^### ", -1)) {
      if (form.startsWith("`")) {
        assertThat(form).contains("\nDefault: ");
      }
    }
  }

  static SortedSet<String> documented() throws Exception {
    return HEADING
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult heading) -> heading.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** {@code understudy.sources.prod.type} is documented as {@code sources.*.type}. */
  static String general(String key) {
    return key.replaceFirst("^understudy\\.", "")
        .replaceFirst("^(sources|users|environments)\\.(\"[^\"]*\"|[^.]+)", "$1.*")
        .replaceFirst("^http\\.(tokens|webhooks)\\.(\"[^\"]*\"|[^.]+)", "http.$1.*")
        .replaceFirst("\\.mask\\.databases\\.[^.]+", ".mask.databases.*")
        .replaceFirst("\\.(columns|tables)\\.\".*$", ".$1.*");
  }
}
