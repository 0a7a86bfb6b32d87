package dev.understudy.proxy;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/protocol.md names tests that exist. */
class ProtocolPageTest {
  private static final Path TREE = Path.of("..");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)`");

  @Test
  void everyTestOfThePageExists() throws Exception {
    Map<String, Path> classes = testClasses();
    List<MatchResult> named =
        TEST.matcher(Files.readString(TREE.resolve("docs/protocol.md"))).results().toList();

    assertThat(named).hasSizeGreaterThan(80);
    for (MatchResult test : named) {
      assertThat(classes.containsKey(test.group(1))).as(test.group()).isTrue();
      assertThat(Files.readString(classes.get(test.group(1))))
          .as(test.group())
          .contains(" void " + test.group(2) + "(");
    }
  }

  private static Map<String, Path> testClasses() throws IOException {
    try (Stream<Path> modules = Files.list(TREE)) {
      return modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(ProtocolPageTest::sources)
          .collect(
              toMap(
                  source -> source.getFileName().toString().replace(".java", ""),
                  source -> source,
                  (one, _) -> one));
    }
  }

  private static Stream<Path> sources(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
