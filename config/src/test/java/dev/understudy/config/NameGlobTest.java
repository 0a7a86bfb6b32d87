package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameGlobTest {
  @ParameterizedTest
  @CsvSource({
    "ci,      ci,       true",
    "ci,      CI,       false",
    "ci,      cix,      false",
    "ci_*,    ci_1,     true",
    "ci_*,    ci_,      false",
    "*_ro,    a_ro,     true",
    "a.c,     abc,      false",
    "a*b**c,  a-b-c,    true",
    "a**,     ab,       true",
    "*,       x,        true",
    "\\Q*\\E, \\Qx\\E,  true",
  })
  void aStarIsOneCharacterOrMore(String glob, String name, boolean matches) {
    assertThat(new NameGlob(glob).matches(name)).isEqualTo(matches);
  }

  @Test
  void aStarIsAlsoALineFeed() {
    assertThat(new NameGlob("a*").matches("a\nb")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ci_*,  ci_1*, true",
    "ci_*,  ci_*,  true",
    "*,     ci,    true",
    "ci_1*, ci_*,  false",
    "ci,    *,     false",
  })
  void coversWhatCanMatchNothingElse(String glob, String other, boolean covers) {
    assertThat(new NameGlob(glob).covers(new NameGlob(other))).isEqualTo(covers);
  }
}
