package dev.understudy.cloner.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.source.LeftOut;
import org.junit.jupiter.api.Test;

class RestoreErrorsTest {
  private final RestoreErrors errors =
      new RestoreErrors(
          "shop",
          number ->
              switch (number) {
                case 7 -> "TABLE DATA public.broken";
                case 8 -> "STATISTICS DATA public.broken";
                default -> "FUNCTION public.f()";
              });

  @Test
  void namesWhatFailedAndShowsNoRow() {
    say(
        """
        pg_restore: processing data for table "public.broken"
        pg_restore: while PROCESSING TOC:
        pg_restore: from TOC entry 7; 0 16385 TABLE DATA broken postgres
        pg_restore: error: COPY failed for table "broken": ERROR:  invalid input syntax for type integer: "hunter2"
        CONTEXT:  COPY broken, line 1, column i: "hunter2"
        pg_restore: from TOC entry 9; 1255 16390 FUNCTION f() postgres
        pg_restore: error: could not execute query: ERROR:  operator does not exist: text = integer
        LINE 1: error: nothing
        Command was: CREATE FUNCTION public.f() ...
        pg_restore: warning: errors ignored on restore: 3
        """);

    assertThat(errors.isFinished(1)).isTrue();
    assertThat(errors.failures(1))
        .containsExactly(
            new LeftOut(
                LeftOut.Kind.FAILED_OBJECT,
                "shop",
                "TABLE DATA public.broken",
                "failed: invalid input syntax for type integer"),
            new LeftOut(
                LeftOut.Kind.FAILED_OBJECT,
                "shop",
                "FUNCTION public.f()",
                "failed: operator does not exist: text = integer"));
  }

  /** The most common values of a column are values of rows. */
  @Test
  void showsNoValueOfStatistics() {
    say(
        """
        pg_restore: from TOC entry 8; 0 0 STATISTICS DATA broken postgres
        pg_restore: error: could not execute query: ERROR:  malformed array literal: "{hunter2"
        """);

    assertThat(errors.failures(1))
        .extracting(LeftOut::action)
        .containsExactly("failed: malformed array literal");
  }

  /** PostgreSQL does not put each behind a colon. */
  @Test
  void showsNoValueThatIsQuotedAmidTheMessage() {
    say(
        """
        pg_restore: from TOC entry 7; 0 16385 TABLE DATA broken postgres
        pg_restore: error: COPY failed for table "broken": ERROR:  value "hunter2" is out of range for type integer
        CONTEXT:  SQL function "number" statement 1
        pg_restore: error: COPY failed for table "broken": ERROR:  relation "public.customer" does not exist
        pg_restore: error: COPY failed for table "broken": ERROR:  time zone "hunter2" not recognized
        """);

    assertThat(errors.failures(1))
        .extracting(LeftOut::action)
        .containsExactly(
            "failed: value \"...\" is out of range for type integer",
            "failed: relation \"public.customer\" does not exist",
            "failed: time zone \"...\" not recognized");
  }

  /** What a function of production's says of a row may be anything. */
  @Test
  void repeatsNothingThatAFunctionRaises() {
    say(
        """
        pg_restore: from TOC entry 7; 0 16385 TABLE DATA broken postgres
        pg_restore: error: COPY failed for table "broken": ERROR:  no address: hunter2
        pg_restore: error: COPY failed for table "broken": ERROR:  hunter2 is no address
        DETAIL:  hunter2
        CONTEXT:  PL/pgSQL function public.good(text) line 3 at RAISE
        COPY broken, line 1: "hunter2"
        """);

    assertThat(errors.failures(1))
        .extracting(LeftOut::action)
        .containsExactly("failed: no address", "failed: a function of production's refuses it");
    assertThat(errors.last(1)).isEqualTo("a function of production's refuses it");
  }

  @Test
  void repeatsWhatPostgresqlSaysInsideAFunction() {
    say(
        """
        pg_restore: from TOC entry 7; 0 16385 TABLE DATA broken postgres
        pg_restore: error: COPY failed for table "broken": ERROR:  relation "customer" does not exist
        CONTEXT:  PL/pgSQL function public.good(text) line 3 at SQL statement
        WARNING:  look at this
        CONTEXT:  PL/pgSQL function public.slowly(integer) line 1 at RAISE
        pg_restore: from TOC entry 9; 1255 16390 FUNCTION f() postgres
        pg_restore: error: could not execute query: ERROR:  the body is "bad"
        CONTEXT:  PL/pgSQL function public.check_all() line 1 at RAISE
        """);

    assertThat(errors.failures(1))
        .extracting(LeftOut::action)
        .containsExactly(
            "failed: relation \"customer\" does not exist", "failed: the body is \"bad\"");
  }

  @Test
  void anEndBeforeTheEndIsNone() {
    say("pg_restore: error: could not connect to the server\n");

    assertThat(errors.isFinished(1)).isFalse();
    assertThat(errors.last(1)).isEqualTo("could not connect to the server");
  }

  @Test
  void silenceIsNoSuccess() {
    assertThat(errors.isFinished(0)).isTrue();
    assertThat(errors.failures(0)).isEmpty();
    assertThat(errors.isFinished(137)).isFalse();
    assertThat(errors.last(137)).isEqualTo("It ended with status 137.");
    say("pg_restore: pg_restore: warning: errors ignored on restore: 1\n");
    assertThat(errors.isFinished(1)).isTrue();
    assertThat(errors.failures(1)).hasSize(1);
  }

  @Test
  void endIsHeardAlsoWhereAWorkerWritesIntoItsLine() {
    say("pg_restore: warning: errors ignored on restore: 1pg_restore: finished item 7\n");

    assertThat(errors.isFinished(1)).isTrue();
  }

  @Test
  void linesOfTwoWorkersInOne() {
    say("pg_restore: pg_restore: error: could not execute query: ERROR:  no\n");

    assertThat(errors.failures(1)).extracting(LeftOut::action).containsExactly("failed: no");
  }

  private void say(String lines) {
    lines.lines().forEach(errors::line);
  }
}
