package dev.understudy.proxy.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.protocol.backend.ReadyForQuery.TransactionStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriverStatementsTest {
  private final Parameters parameters = new Parameters("alice");
  private final DriverStatements statements =
      new DriverStatements(
          parameters, new SelectList("alice", 42, parameters), new PreparedStatements());

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "SET extra_float_digits = 3, SET",
        "set session characteristics as transaction read write, SET",
        "RESET ALL, RESET",
        "DISCARD ALL, DISCARD ALL",
        "DEALLOCATE ALL, DEALLOCATE ALL",
        "deallocate prepare all, DEALLOCATE ALL",
        "DEALLOCATE s1, DEALLOCATE",
        "UNLISTEN *, UNLISTEN",
        "BEGIN ISOLATION LEVEL SERIALIZABLE, BEGIN",
        "start transaction, START TRANSACTION",
        "END, COMMIT",
        "ABORT, ROLLBACK",
        "SAVEPOINT a, SAVEPOINT"
      })
  void answersWhatItDoesNotDo(String text, String tag) throws Exception {
    assertThat(run(text)).isEqualTo(ConsoleResult.done(tag));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "SHOW server_version, server_version, 14.0",
        "show TRANSACTION ISOLATION LEVEL, transaction_isolation, read committed",
        "SHOW TIME ZONE, TimeZone, UTC",
        "SELECT 1, ?column?, 1",
        "select 'it''s' as x, x, it's",
        "SELECT pg_catalog.version(), version, PostgreSQL 14.0 (the console of Understudy)",
        "SELECT current_user, current_user, alice",
        "select current_database( ), current_database, understudy",
        "SELECT current_setting('timezone'), current_setting, UTC",
        "SELECT pg_backend_pid(), pg_backend_pid, 42",
        "select current_schemas(false), current_schemas, {public}",
        "SELECT pg_is_in_recovery(), pg_is_in_recovery, false"
      })
  void showsWhatDriversAskEveryServer(String text, String column, String value) throws Exception {
    ConsoleStatement statement = statements.prepare(text);

    assertThat(statement).isNotNull();
    assertThat(statement.columns()).extracting(Column::name).containsExactly(column);
    assertThat(statement.execute().get().rows().getFirst())
        .extracting(String::valueOf)
        .containsExactly(value);
  }

  @Test
  void selectsSeveralAtOnce() throws Exception {
    List<@Nullable Object> row =
        run("SELECT current_schema(), session_user AS who, ', (', 7").rows().getFirst();
    assertThat(row).containsExactly("public", "alice", ", (", 7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW ENVIRONMENTS",
        "SELECT * FROM customer",
        "SELECT 1, nothing_known()",
        "SELECT",
        "SETTLE x",
        "RESET  environment a",
        "CREATE ENVIRONMENT a"
      })
  void leavesTheRestToTheConsole(String text) {
    assertThat(statements.prepare(text)).isNull();
  }

  @Test
  void followsTransactions() throws Exception {
    run("BEGIN");
    assertThat(statements.status()).isEqualTo(TransactionStatus.IN_TRANSACTION);
    statements.failed();
    assertThat(statements.status()).isEqualTo(TransactionStatus.FAILED_TRANSACTION);
    assertThatThrownBy(() -> statements.prepare("SELECT 1"))
        .isInstanceOf(ConsoleException.class)
        .extracting(e -> ((ConsoleException) e).sqlState())
        .isEqualTo("25P02");
    run("ROLLBACK TO SAVEPOINT a");
    assertThat(statements.status()).isEqualTo(TransactionStatus.IN_TRANSACTION);
    statements.failed();
    assertThat(run("COMMIT").tag()).isEqualTo("ROLLBACK");
    assertThat(statements.status()).isEqualTo(TransactionStatus.IDLE);
  }

  /** Nothing is matched for long, whatever it is. */
  @ParameterizedTest
  @ValueSource(strings = {"SELECT ", "ROLLBACK ", "SHOW ", "SELECT '"})
  void isQuickToPassOverWhatIsLong(String begin) {
    assertThat(statements.prepare(begin + " ".repeat(1 << 19) + "x")).isNull();
  }

  private ConsoleResult run(String text) throws Exception {
    ConsoleStatement statement = statements.prepare(text);
    assertThat(statement).isNotNull();
    return statement.execute().get();
  }
}
