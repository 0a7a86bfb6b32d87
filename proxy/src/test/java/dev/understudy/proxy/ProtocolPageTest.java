package dev.understudy.proxy;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/protocol.md names tests that exist. */
class ProtocolPageTest {
  private static final Path TREE = Path.of("..");
  private static final Pattern TEST = Pattern.compile("`(?:([A-Z]\\w+)\\.)?([a-z]\\w+)`");

  private record Named(String type, String method) {}

  @Test
  void everyTestOfThePageExists() throws Exception {
    Map<String, Path> classes = testClasses();
    List<Named> named =
        Files.readAllLines(TREE.resolve("docs/protocol.md")).stream()
            .flatMap(line -> named(line).stream())
            .toList();

    assertThat(named).hasSizeGreaterThan(80);
    for (Named test : named) {
      assertThat(classes).as("%s", test).containsKey(test.type());
      assertThat(Files.readString(classes.get(test.type())))
          .as("%s", test)
          .contains(" void " + test.method() + "(");
    }
  }

  @Test
  void aMethodAloneIsOfTheClassBeforeIt() {
    assertThat(named("| `off` ends it | `ATest.one` `two`; `BTest.three` (`four`) |"))
        .containsExactly(
            new Named("ATest", "one"),
            new Named("ATest", "two"),
            new Named("BTest", "three"),
            new Named("BTest", "four"));
    assertThat(named("The setting `mode` is of `ATest.one`, and `two` is not.")).hasSize(1);
  }

  /**
   * All with their classes; methods alone only in the last column of a table, which is for tests.
   */
  private static List<Named> named(String line) {
    int column = line.startsWith("|") ? line.lastIndexOf('|', line.length() - 2) : line.length();
    List<Named> named = new ArrayList<>();
    String type = "";
    for (MatchResult test : TEST.matcher(line).results().toList()) {
      if (test.group(1) != null) {
        type = test.group(1);
      } else if (test.start() < column) {
        continue;
      }
      named.add(new Named(type, test.group(2)));
    }
    return named;
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
