package dev.understudy.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.proxy.console.ConsoleException;
import dev.understudy.server.console.Command.Subject;
import dev.understudy.server.console.Command.Verb;
import dev.understudy.server.operate.ShutdownMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandParserTest {
  record Read(String text, Command command) {}

  static Stream<Read> commands() {
    return Stream.of(
        new Read("show environments", new Command.Show(Subject.ENVIRONMENTS)),
        new Read(
            "CREATE ENVIRONMENT pr-42",
            new Command.Create("pr-42", new CreateFrom.Policy(), false)),
        new Read(
            "create environment \"pr-42\" from source Prod fresh",
            new Command.Create("pr-42", new CreateFrom.Source("prod"), true)),
        new Read(
            "CREATE ENVIRONMENT a FROM SNAPSHOT s7x",
            new Command.Create("a", new CreateFrom.Snapshot("s7x"), false)),
        new Read(
            "CREATE ENVIRONMENT a FROM ENVIRONMENT b",
            new Command.Create("a", new CreateFrom.Environment("b"), false)),
        new Read(
            "CREATE ENVIRONMENT a FROM ENVIRONMENT b FRESH",
            new Command.Create("a", new CreateFrom.Environment("b"), true)),
        new Read("REFRESH ENVIRONMENT A FORCE", new Command.Change(Verb.REFRESH, "a", true)),
        new Read("RESET ENVIRONMENT a", new Command.Change(Verb.RESET, "a", false)),
        new Read("RESUME ENVIRONMENT force", new Command.Change(Verb.RESUME, "force", false)),
        new Read(
            "EXTEND ENVIRONMENT a BY '1 day 2 hours'",
            new Command.Extend("a", Duration.ofHours(26))),
        new Read("COMMENT ON ENVIRONMENT a IS 'it''s mine'", new Command.Comment("a", "it's mine")),
        new Read("COMMENT ON ENVIRONMENT a IS NULL", new Command.Comment("a", null)),
        new Read("DROP ENVIRONMENT if exists a", new Command.Drop("a", true)),
        new Read("UNDROP ENVIRONMENT a", new Command.Undrop("a", "a")),
        new Read("UNDROP ENVIRONMENT a AS b", new Command.Undrop("a", "b")),
        new Read("SNAPSHOT SOURCE prod", new Command.CutSnapshot("prod")),
        new Read("show findings", new Command.Show(Subject.FINDINGS)),
        new Read("SHOW FINDINGS S7x", new Command.Show(Subject.FINDINGS, "s7x")),
        new Read("show stats_totals", new Command.Show(Subject.STATS_TOTALS)),
        new Read("reload", new Command.Reload()),
        new Read("KILL_CLIENT 42", new Command.KillClient(42)),
        new Read("SHUTDOWN", new Command.Shutdown(ShutdownMode.DRAIN)),
        new Read("SHUTDOWN WAIT_FOR_SERVERS", new Command.Shutdown(ShutdownMode.DRAIN)),
        new Read("shutdown immediate", new Command.Shutdown(ShutdownMode.IMMEDIATE)),
        new Read("SHUTDOWN wait_for_clients", new Command.Shutdown(ShutdownMode.WAIT_FOR_CLIENTS)));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void reads(Read read) {
    assertThat(CommandParser.parse(read.text)).isEqualTo(read.command);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "MAKE ENVIRONMENT a, 42601, syntax error at or near \"MAKE\", SHOW HELP",
        "CREATE ENVIRONMENT, 42601, syntax error at end of input, CREATE ENVIRONMENT name",
        "CREATE TABLE a (b int), 42601, syntax error at or near \"TABLE\", CREATE ENVIRONMENT",
        "CREATE ENVIRONMENT (a b), 42601, syntax error at or near \"(a b)\", CREATE ENVIRONMENT",
        "DROP DATABASE a, 42601, syntax error at or near \"DATABASE\", DROP ENVIRONMENT",
        "RESUME ENVIRONMENT a FORCE, 42601, syntax error at or near \"FORCE\", RESUME",
        "SHOW TABLES, 42601, syntax error at or near \"TABLES\", ENVIRONMENTS",
        "SHOW HELP ME, 42601, syntax error at or near \"ME\", ENVIRONMENTS",
        "SHOW FINDINGS 's7x', 42601, syntax error at or near \"s7x\", SHOW FINDINGS [snapshot]",
        "SHOW FINDINGS a b, 42601, syntax error at or near \"b\", ENVIRONMENTS",
        "SHOW, 42601, syntax error at end of input, ENVIRONMENTS",
        "EXTEND ENVIRONMENT a BY 2, 42601, syntax error at or near \"2\", 'interval'",
        "EXTEND ENVIRONMENT a BY 'soon', 22007, invalid input syntax for type interval: \"soon\", 2"
            + " days",
        "KILL_CLIENT me, 42601, syntax error at or near \"me\", KILL_CLIENT id",
        "KILL_CLIENT 99999999999999999999, 42601, syntax error at or near, KILL_CLIENT id",
        "SHUTDOWN NOW, 42601, syntax error at or near \"NOW\", WAIT_FOR_CLIENTS",
        "RELOAD x, 42601, syntax error at or near \"x\", RELOAD",
        "PAUSE shop, 42601, syntax error at or near \"PAUSE\", SUSPEND ENVIRONMENT",
        "kill shop, 42601, syntax error at or near \"kill\", KILL_CLIENT",
        "help, 42601, syntax error at or near \"help\", SHOW HELP",
        "SHOW PEERS, 42601, syntax error at or near \"PEERS\", POOLS",
        "SELECT * FROM t, 0A000, the console runs no SQL, SHOW HELP"
      })
  void refuses(String text, String sqlState, String message, String hint) {
    assertThatThrownBy(() -> CommandParser.parse(text))
        .isInstanceOfSatisfying(
            ConsoleException.class,
            e -> {
              assertThat(e.sqlState()).isEqualTo(sqlState);
              assertThat(e).hasMessageStartingWith(message);
              assertThat(e.hint()).contains(hint);
            });
  }

  @Test
  void readsWhatTheGrammarShows() {
    for (Grammar form : Grammar.values()) {
      String example =
          form.form()
              .replaceAll("\\[[^]]*]", "")
              .replace("'text' | NULL", "'x'")
              .replace("KILL_CLIENT id", "KILL_CLIENT 1")
              .replace("'interval'", "'1d'");
      assertThat(CommandParser.parse(example)).as(example).isNotNull();
    }
    assertThat(Arrays.stream(Subject.values()).map(s -> CommandParser.parse("SHOW " + s)))
        .hasSize(Subject.values().length);
  }
}
