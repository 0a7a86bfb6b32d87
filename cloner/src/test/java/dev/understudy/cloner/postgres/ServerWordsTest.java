package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class ServerWordsTest {
  /** Of an extension in C, of functions' own, of texts that are read as names or queries. */
  @ParameterizedTest
  @ValueSource(
      strings = {"22P02", "23505", "P0001", "XX000", "38000", "39001", "42601", "42P01", "U1234"})
  void whatMayBeAboutAValueIsNotRepeated(String state) {
    SQLException failure = failure(state, "");

    assertThat(ServerWords.mayQuoteRows(failure)).isTrue();
    assertThat(ServerWords.of(failure)).isEqualTo("SQLSTATE " + state);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "42501", "53100", "53200", "54000", "55006", "57014", "58P01", "XX001", "XX002"
      })
  void whatIsOfTheServerIs(String state) {
    SQLException failure = failure(state, "");

    assertThat(ServerWords.mayQuoteRows(failure)).isFalse();
    assertThat(ServerWords.of(failure)).isEqualTo("ERROR: the words");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Wfunction f, line 1\0", "qSELECT 'a value'\0"})
  void butNotFromWithinAFunction(String within) {
    assertThat(ServerWords.mayQuoteRows(failure("58P01", within))).isTrue();
    assertThat(ServerWords.mayQuoteRows(failure("42703", "P7\0" + within))).isTrue();
  }

  /** A name that is not there, in a statement of ours. */
  @Test
  void whatReadingAStatementFindsIsRepeated() {
    SQLException failure = failure("42704", "P7\0");

    assertThat(ServerWords.of(failure)).startsWith("ERROR: the words");
  }

  /** That one is missing has a state of its own; that it is of another version has none. */
  @Test
  void aLibraryThatDoesNotFitIsNamed() {
    assertThat(ServerWords.of(failure("XX000", "Fdfmgr.c\0"))).startsWith("ERROR: the words");
  }

  @Test
  void whatWeSayIsRepeatedAndWhatTheDriverSaysOfValuesIsNot() {
    assertThat(ServerWords.of(new SQLException("no answer"))).isEqualTo("no answer");
    assertThat(ServerWords.of(new SQLException("Bad value for type int : x", "22003")))
        .isEqualTo("SQLSTATE 22003");
    assertThat(ServerWords.of(new SQLException("Batch entry 0: a row", "23505")))
        .isEqualTo("SQLSTATE 23505");
  }

  private static SQLException failure(String state, String more) {
    return new PSQLException(new ServerErrorMessage("SERROR\0C" + state + "\0Mthe words\0" + more));
  }
}
