package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamePatternTest {
  @Test
  void personalComesBeforeAnotherThatIsAsSpecific() {
    assertThat(
            Stream.of("dev-*", "*-dev", "dev-{role}", "dev-a*", "dev-x")
                .map(NamePattern::new)
                .sorted()
                .map(NamePattern::toString))
        .containsExactly("dev-x", "dev-a*", "dev-{role}", "*-dev", "dev-*");
  }

  @ParameterizedTest
  @CsvSource({
    "dev-a*,   dev-{role},  true",
    "d*,       dev-{role},  true",
    "*-x,      dev-{role},  true",
    "d*-*x,    {role}-x,    true",
    "dev-*-y,  dev-{role}-x, false",
    "pr-*,     dev-{role},  false",
  })
  void overlapsWhereSomeNameMatchesBoth(String pattern, String personal, boolean overlaps) {
    assertThat(new NamePattern(pattern).overlaps(new NamePattern(personal))).isEqualTo(overlaps);
  }
}
