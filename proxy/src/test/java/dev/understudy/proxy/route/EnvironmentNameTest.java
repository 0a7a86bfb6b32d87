package dev.understudy.proxy.route;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentNameTest {
  @ParameterizedTest
  @CsvSource({"a,a", "PR-42,pr-42", "a_b-c,a_b-c", "0,0", "9-x,9-x"})
  void foldsToLowerCase(String text, String name) {
    assertThat(requireNonNull(EnvironmentName.parse(text)).text()).isEqualTo(name);
  }

  @ParameterizedTest
  // The last two turn into "k" and "i" where a folding is not kept to ASCII.
  @ValueSource(strings = {"", "-a", "a-", "_a", "a_", "a.b", "a b", "a\n", "*", "\u212A", "\u0130"})
  void takesNothingElse(String text) {
    assertThat(EnvironmentName.parse(text)).isNull();
  }

  @Test
  void hasAtMost63Characters() {
    assertThat(EnvironmentName.parse("a".repeat(63))).isNotNull();
    assertThat(EnvironmentName.parse("a".repeat(64))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "Feature/JIRA-1 login,feature-jira-1-login",
    "--x--,x",
    "refs/heads/main,refs-heads-main",
    "a..b,a-b",
    "Grün,gr-n"
  })
  void suggestsTheNearest(String text, String name) {
    assertThat(requireNonNull(EnvironmentName.nearest(text)).text()).isEqualTo(name);
  }

  /** Who is not authenticated can have it done, on an event loop. */
  @Test
  void suggestsTheNearestInOnePass() {
    String text = "a" + "-".repeat(1_000_000) + "b";

    EnvironmentName name =
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> EnvironmentName.nearest(text));

    assertThat(requireNonNull(name).text()).isEqualTo("a");
  }

  @Test
  void suggestsNothingForNothing() {
    assertThat(EnvironmentName.nearest("///")).isNull();
    assertThat(requireNonNull(EnvironmentName.nearest("a".repeat(62) + "/" + "b".repeat(9))).text())
        .isEqualTo("a".repeat(62));
  }
}
