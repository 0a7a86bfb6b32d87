package dev.understudy.server.http.page;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page is made of. What it does is seen in a browser, by PageIT. */
class PageFilesTest {
  private static final Path DIRECTORY =
      Path.of("src/main/resources/dev/understudy/server/http/page");
  private static final Pattern IMPORT = Pattern.compile("from '\\./([a-z]+\\.js)'");
  private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"(assets/[^\"]+)\"");
  private static final Pattern ADDRESS = Pattern.compile("https?://[a-z0-9.]+");

  /** By which text would become markup or a program, or a style that the policy forbids. */
  private static final Pattern DANGEROUS =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|srcdoc"
              + "|DOMParser|setAttribute\\('(?:style|on)|javascript:|localStorage|document\\.cookie");

  private final PageFiles files = new PageFiles();

  @Test
  void everyFileIsServedAndNoOther() throws Exception {
    Set<String> served =
        files.routes().stream()
            .map(route -> route.path().replaceAll("^/(?:assets/)?", ""))
            .map(name -> name.isEmpty() ? "index.html" : name)
            .collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> there = Files.list(DIRECTORY)) {
      assertThat(served)
          .isEqualTo(
              there
                  .map(file -> file.getFileName().toString())
                  .collect(Collectors.toCollection(TreeSet::new)));
    }
    assertThat(files.find("/assets/page.css")).isPresent();
    assertThat(files.find("/assets/../index.html")).isEmpty();
  }

  @Test
  void whatFilesNameIsServed() throws Exception {
    assertThat(matches(REFERENCE, "index.html")).contains("assets/page.js", "assets/page.css");
    for (String reference : matches(REFERENCE, "index.html")) {
      assertThat(files.find("/" + reference)).as(reference).isPresent();
    }
    for (String name : names()) {
      for (String imported : matches(IMPORT, name)) {
        assertThat(files.find("/assets/" + imported)).as(name + ": " + imported).isPresent();
      }
    }
  }

  @Test
  void nothingMakesMarkupOfTextOrComesFromElsewhere() throws Exception {
    for (String name : names()) {
      assertThat(text(name)).as(name).doesNotContainPattern(DANGEROUS);
      assertThat(matches(ADDRESS, name)).as(name).isSubsetOf(Set.of("http://www.w3.org"));
      assertThat(text(name).lines().count()).as(name).isLessThanOrEqualTo(310);
    }
  }

  @Test
  void theSameContentHasTheSameTag() {
    PageFile file = requireNonNull(files.find("/").orElse(null));
    assertThat(file.etag()).matches("\"[0-9a-f]{32}\"");
    assertThat(new PageFiles().find("/").orElseThrow().etag()).isEqualTo(file.etag());
    assertThat(files.find("/assets/page.js").orElseThrow().etag()).isNotEqualTo(file.etag());
    assertThat(file.content()).startsWith("<!DOCTYPE html>");
  }

  private static Set<String> names() throws Exception {
    try (Stream<Path> there = Files.list(DIRECTORY)) {
      return there.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static String text(String name) throws Exception {
    return Files.readString(DIRECTORY.resolve(name));
  }

  private static Set<String> matches(Pattern pattern, String name) throws Exception {
    return pattern
        .matcher(text(name))
        .results()
        .map((MatchResult match) -> match.group(match.groupCount()))
        .collect(Collectors.toSet());
  }
}
