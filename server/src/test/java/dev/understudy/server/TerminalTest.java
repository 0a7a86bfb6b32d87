package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTest {
  private static final int NO_DESCRIPTOR = -1;

  @Test
  void isAsWideAsIsSaid() {
    assertThat(Terminal.columns(Map.of("COLUMNS", "132"), NO_DESCRIPTOR)).isEqualTo(132);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "wide", "99999999999"})
  void isAsWideAsUsualWhereNobodyKnows(String said) {
    assertThat(Terminal.columns(Map.of("COLUMNS", said), NO_DESCRIPTOR)).isEqualTo(80);
  }
}
