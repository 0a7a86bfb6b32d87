package dev.understudy.server.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.config.EnvironmentName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerivedNameTest {
  private final DerivedName bare = new DerivedName("");

  @ParameterizedTest
  @ValueSource(strings = {"pr-42", "staging_pr_42", "a", "feature--x", "0"})
  void aNameIsKept(String name) {
    assertThat(bare.of(name)).isEqualTo(name);
    assertThat(new DerivedName("ci-").of(name)).isEqualTo("ci-" + name);
  }

  /**
   * Written down: a name that changed with a release would lose the environments of all branches.
   */
  @ParameterizedTest
  @CsvSource({
    "feature/ABC-123, feature-abc-123-",
    "feature/abc-123, feature-abc-123-",
    "Pr-42, pr-42-",
    "refs/heads/main, refs-heads-main-",
    "über/größe, uber-gro-e-",
    "-x-, x-",
    "a b, a-b-"
  })
  void ofAnyOtherWhatANameCanShowIsKept(String text, String begin) {
    assertThat(bare.of(text)).startsWith(begin).hasSize(begin.length() + 6);
  }

  @Test
  void differentTextsHaveDifferentNames() {
    List<String> texts =
        List.of("feature/a", "feature-a", "feature_a", "Feature/a", "feature/a/", "feature//a");
    Set<String> names = new HashSet<>();
    for (String text : texts) {
      names.add(bare.of(text));
    }
    String long1 = "a".repeat(100);
    names.add(bare.of(long1));
    names.add(bare.of(long1 + "a"));

    assertThat(names).hasSize(texts.size() + 2).allMatch(EnvironmentName::isValid);
  }

  @ParameterizedTest
  @ValueSource(strings = {"日本語", "🚀", "/", "--", "_", "\u0000", "a\nb"})
  void whatNoNameCanShowHasOneAllTheSame(String text) {
    assertThat(bare.of(text)).matches(EnvironmentName::isValid).isEqualTo(bare.of(text));
    assertThat(new DerivedName("ci-").of(text)).startsWith("ci-").matches(EnvironmentName::isValid);
  }

  @Test
  void noneIsLongerThanANameMayBe() {
    String prefix = "p".repeat(50);
    for (int length = 1; length < 130; length++) {
      assertThat(bare.of("A".repeat(length))).matches(EnvironmentName::isValid);
      assertThat(new DerivedName(prefix).of("a-".repeat(length)))
          .matches(EnvironmentName::isValid)
          .startsWith(prefix);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void ofNothingThereIsNoName(String text) {
    assertThatThrownBy(() -> bare.of(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "_x", "Ci-", "ci/", "ci ", "é"})
  void aPrefixHasToBeTheBeginOfAName(String prefix) {
    assertThatThrownBy(() -> new DerivedName(prefix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no name begins with \"" + prefix + "\"");
  }

  @Test
  void aPrefixLeavesRoom() {
    assertThatThrownBy(() -> new DerivedName("p".repeat(51)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("up to 50 characters");
  }
}
