package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.standby.LogWatch.Sign;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogWatchTest {
  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = directory.resolve("server.log");
  }

  private void append(String text) throws Exception {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** As servers of 15 to 18 say it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          FATAL:  could not receive data from WAL stream: ERROR:  requested WAL segment 000000010000000000000003 has already been removed | WAL_REMOVED
          FATAL:  database system identifier differs between the primary and standby | OTHER_CLUSTER
          FATAL:  highest timeline 1 of the primary is behind recovery timeline 2 | DIVERGED
          LOG:  new timeline 2 forked off current database system timeline 1 before current recovery point 0/5000000 | DIVERGED
          FATAL:  could not start WAL streaming: ERROR:  requested starting point 0/6000000 on timeline 1 is not in this server's history | DIVERGED
          FATAL:  could not receive data from WAL stream: ERROR:  requested starting point 0/6000000 is ahead of the WAL flush position of this server 0/5000000 | DIVERGED
          CONTEXT:  WAL redo at 0/3000060 for Tablespace/CREATE: 16385 "/srv/ts" | NEW_TABLESPACE
          FATAL:  could not start WAL streaming: ERROR:  replication slot "understudy_prod" does not exist | SLOT_MISSING
          FATAL:  could not start WAL streaming: ERROR:  can no longer access replication slot "understudy_prod" | SLOT_INVALIDATED
          FATAL:  could not start WAL streaming: ERROR:  can no longer get changes from replication slot "understudy_prod" | SLOT_INVALIDATED
          """)
  void signsAreSeen(String line, Sign sign) throws Exception {
    LogWatch watch = LogWatch.fromNow(file);
    append("2026-11-25 08:00:00 GMT [7] " + line + "\n");

    assertThat(watch.read()).containsExactly(sign);
    assertThat(watch.read()).isEmpty();
  }

  @Test
  void whatWasSaidBeforeIsNotHeard() throws Exception {
    append("requested WAL segment 000000010000000000000003 has already been removed\n");

    assertThat(LogWatch.fromNow(file).read()).isEmpty();
  }

  @Test
  void halfALineIsHeardWhenItIsWhole() throws Exception {
    LogWatch watch = LogWatch.fromNow(file);
    append("ä FATAL:  database system identifier differs between");
    assertThat(watch.read()).isEmpty();

    append(" the primary and standby\nLOG: all is well\n");

    assertThat(watch.read()).containsExactly(Sign.OTHER_CLUSTER);
    assertThat(watch.lastComplaint()).contains("identifier differs");
  }

  @Test
  void longLogIsCut() throws Exception {
    LogWatch watch = LogWatch.fromNow(file);
    String line = "LOG: nothing of interest here, again and again\n".repeat(1000);
    for (long size = 0; size <= 16L << 20; size += line.length()) {
      append(line);
    }
    assertThat(watch.read()).isEmpty();
    assertThat(file).isEmptyFile();

    append("FATAL:  database system identifier differs between the primary and standby\n");
    assertThat(watch.read()).containsExactly(Sign.OTHER_CLUSTER);
  }
}
