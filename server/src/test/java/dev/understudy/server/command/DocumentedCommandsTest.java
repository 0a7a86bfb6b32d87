package dev.understudy.server.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.understudy.server.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What the documents have people type exists, and the files that they have people write can be
 * read.
 */
class DocumentedCommandsTest {
  /** In fences, or by four spaces. */
  private static final Pattern BLOCK =
      Pattern.compile("(?m)^```sh\\n((?s:.*?))^```|(?<=\\n\\n)((?:(?: {4}.*)?\\n)+)");

  private static final Pattern SPAN = Pattern.compile("`([^`\\n]+)`");
  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");

  /** Where it is what is run, and not what something is about. */
  private static final Pattern COMMAND =
      Pattern.compile("(?m)(?:^|[(|] *|\\bsudo )(?:\\./)?understudy ([a-z-][^\\n]*)");

  /** What is quoted, what a shell ends a command by, or one more word. */
  private static final Pattern WORD =
      Pattern.compile("\\s+#.*|\\s*(?:([|;)>&]|\\n)|((?:'[^']*'|\"[^\"]*\"|[^\\s'\"|;)>&])+))");

  private record Documented(String page, String text) {
    @Override
    public String toString() {
      return page + ": " + text;
    }
  }

  private static Stream<Documented> pages(Function<String, Stream<String>> of) throws IOException {
    try (Stream<Path> pages = Files.walk(Path.of("../docs"))) {
      return Stream.concat(Stream.of(Path.of("../README.md")), pages.toList().stream())
          .filter(page -> page.toString().endsWith(".md"))
          .flatMap(page -> of.apply(read(page)).map(text -> new Documented(page.toString(), text)));
    }
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Documented> commands() throws IOException {
    return pages(page ->
        BLOCK
            .matcher(page)
            .results()
            .map(MatchResult::group)
            .map(block -> block.replace("\\\n", " ").replaceAll("(?m)^ {4}", ""))
            .flatMap(block -> COMMAND.matcher(block).results())
            .map(command -> command.group(1)));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void canBeTyped(Documented command) {
    List<String> words = words(command.text);

    assertThatCode(() -> Main.commandLine().parseArgs(words.toArray(String[]::new)))
        .as(words.toString())
        .doesNotThrowAnyException();
  }

  /** As a shell takes them apart, with variables as they are. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    for (int position = 0; position < line.length(); position = word.end()) {
      word.region(position, line.length());
      if (!word.lookingAt() || word.group(2) == null) {
        break;
      }
      words.add(word.group(2).replaceAll("['\"]", ""));
    }
    return words;
  }

  static Stream<Documented> spans() throws IOException {
    return pages(page ->
        SPAN.matcher(page)
            .results()
            .map(span -> span.group(1).replaceFirst("^\\./", ""))
            .filter(span -> span.matches("understudy [a-z].*")));
  }

  /** With placeholders, which are no values. */
  @ParameterizedTest
  @MethodSource("spans")
  void areCommandsWithOptionsThatThereAre(Documented span) {
    assertKnown(words(span.text.substring("understudy ".length())));
  }

  @Test
  void thePageOfTheCommandLineHasEveryCommand() {
    Set<String> known = new TreeSet<>();
    read(Path.of("../docs/cli.md"))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(0, line.indexOf('|', 1)))
        .flatMap(cell -> SPAN.matcher(cell).results())
        .map(span -> words(span.group(1).replaceAll("[\\[\\]]", "")))
        .filter(words -> !words.isEmpty() && words.getFirst().matches("[a-z][a-z-]*"))
        .forEach(words -> {
          assertKnown(words);
          known.add(words.getFirst());
        });

    assertThat(known).containsAll(Main.commandLine().getSubcommands().keySet());
  }

  private static void assertKnown(List<String> words) {
    CommandLine command = Main.commandLine();
    int next = 0;
    while (next < words.size() && command.getSubcommands().containsKey(words.get(next))) {
      command = requireNonNull(command.getSubcommands().get(words.get(next++)));
    }
    assertThat(next).as("%s is a command", words).isPositive();
    Set<String> options = new TreeSet<>();
    for (OptionSpec option : command.getCommandSpec().options()) {
      options.addAll(List.of(option.names()));
    }
    assertThat(
            words.subList(next, words.size()).stream()
                .takeWhile(word -> !word.equals("--"))
                .filter(word -> word.startsWith("-"))
                .map(word -> word.replaceFirst("=.*", "")))
        .as(words.toString())
        .isSubsetOf(options);
  }

  static Stream<Documented> yaml() throws IOException {
    return pages(page -> YAML.matcher(page).results().map(block -> block.group(1)));
  }

  @ParameterizedTest
  @MethodSource("yaml")
  void yamlIsYaml(Documented block) throws Exception {
    JsonNode read = new YAMLMapper().readTree(block.text);

    assertThat(read.isContainerNode()).isTrue();
    assertThat(read).isNotEmpty();
  }
}
