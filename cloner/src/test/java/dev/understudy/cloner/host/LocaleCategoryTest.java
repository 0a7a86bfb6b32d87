package dev.understudy.cloner.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocaleCategoryTest {
  @ParameterizedTest
  @EnumSource
  void knowsWhatEveryHostHasAndNothingMadeUp(LocaleCategory category) {
    assertThat(category.isInstalled("C")).isTrue();
    assertThat(category.isInstalled("POSIX")).isTrue();
    assertThat(category.isInstalled("xx_YY.UTF-8")).isFalse();
    assertThat(category.isInstalled("../C")).isFalse();
  }
}
