package dev.understudy.cloner.mask;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class MaskFailureTest {
  private static final String RULE = "A constraint needs another rule.";

  @ParameterizedTest
  @ValueSource(strings = {"08006", "57P01", "57P02", "57P03"})
  void aServerThatEndedIsNoFaultOfTheRules(String state) {
    Throwable failure = failure(state);

    assertThat(failure)
        .hasMessage("public.t could not be masked: the copy's server ended, or does not answer");
    assertThat(failure).extracting("hint").asString().contains("kernel log");
  }

  @Test
  void anyOtherFailureIsNamedByItsState() {
    Throwable failure = failure("23505");

    assertThat(failure).hasMessage("public.t could not be masked: SQLSTATE 23505");
    assertThat(failure).extracting("hint").isEqualTo(RULE);
  }

  /** As postgres_fdw says it of the server behind a partition. */
  @Test
  void aForeignServerThatCannotBeReachedIsNotTheCopys() {
    ServerErrorMessage said =
        new ServerErrorMessage("SERROR\0C08001\0Mcould not connect to server \"far\"\0");

    SQLException failure = MaskFailure.of("x", RULE, new PSQLException(said));

    assertThat((Throwable) failure).hasMessage("x: SQLSTATE 08001");
  }

  @Test
  void aFullDiskIsLeftForThePoolToBeNamed() {
    assertThat(failure("53100").getSQLState()).isEqualTo("53100");
  }

  private static SQLException failure(String state) {
    return MaskFailure.of("public.t could not be masked", RULE, new SQLException("a row", state));
  }
}
