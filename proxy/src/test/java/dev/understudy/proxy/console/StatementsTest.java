package dev.understudy.proxy.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementsTest {
  @Test
  void splitsAtSemicolonsThatSeparate() {
    assertThat(
            Statements.split(
                " SHOW a ;; -- one; two\n COMMENT 'x;''y' /* ; /* ; */ ; */ \"q;\" ;\n"))
        .containsExactly("SHOW a", "COMMENT 'x;''y'   \"q;\"");
    assertThat(Statements.split(" ; -- nothing")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "SHOW 'a, unterminated quoted string",
        "SHOW \"a, unterminated quoted identifier",
        "SHOW /* /* */, unterminated /* comment"
      })
  void refusesWhatDoesNotEnd(String text, String message) {
    assertThatThrownBy(() -> Statements.split(text))
        .isInstanceOf(ConsoleException.class)
        .hasMessage(message);
  }
}
