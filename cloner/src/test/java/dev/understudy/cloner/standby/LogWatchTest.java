package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.standby.LogWatch.Sign;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** With the words of PostgreSQL's own translations. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      textBlock =
          """
          FATAL:  could not receive data from WAL stream: FEHLER:  das angeforderte WAL-Segment 0000000A00000001000000FE wurde schon entfernt | WAL_REMOVED
          FATAL:  could not receive data from WAL stream: ERREUR:  le segment demandé du journal de transaction, 000000010000000000000003, a déjà été supprimé | WAL_REMOVED
          FATAL:  could not receive data from WAL stream: ОШИБКА:  запрошенный сегмент WAL 000000010000000000000003 уже удалён | WAL_REMOVED
          FATAL:  could not receive data from WAL stream: ERROR:  要求された WAL セグメント 000000010000000000000003 はすでに削除されています | WAL_REMOVED
          FATAL:  could not start WAL streaming: FEHLER:  angeforderter Startpunkt AB/6000000 auf Zeitleiste 1 ist nicht in der History dieses Servers | DIVERGED
          FATAL:  could not start WAL streaming: ERROR:  タイムライン1上の要求された開始ポイント0/6000000はサーバーの履歴にありません | DIVERGED
          FATAL:  could not receive data from WAL stream: FEHLER:  angeforderter Startpunkt 0/6000000 ist vor der WAL-Flush-Position dieses Servers 0/5000000 | DIVERGED
          """)
  void signsAreSeenInWhateverLanguageProductionSpeaks(String line, Sign sign) throws Exception {
    LogWatch watch = LogWatch.fromNow(file);
    append("2026-11-25 08:00:00 GMT [7] " + line + "\n");

    assertThat(watch.read()).containsExactly(sign);
  }

  /** Of files that cannot be read, and of how much was. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "could not read from WAL segment 000000010000000000000003, offset 8192: Input/output error",
        "could not open file \"pg_wal/000000010000000000000003\": Permission denied",
        "could not open file \"base/16384/1259\": Permission denied",
        "terminating connection due to administrator command"
      })
  void otherAnswersOfProductionAreNoSign(String answer) throws Exception {
    LogWatch watch = LogWatch.fromNow(file);
    append("FATAL:  could not receive data from WAL stream: ERROR:  " + answer + "\n");

    assertThat(watch.read()).isEmpty();
    assertThat(watch.lastComplaint()).endsWith(answer);
  }

  @Test
  void everyLineIsHeardOnceWhateverItsEncoding() throws Exception {
    LogWatch watch = LogWatch.fromNow(file);
    String line =
        "FATAL:  could not receive data from WAL stream: ERREUR:  le segment demandé,"
            + " 000000010000000000000003, a déjà été supprimé\n";
    Files.write(file, line.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(watch.read()).containsExactly(Sign.WAL_REMOVED);
    assertThat(watch.read()).isEmpty();

    append("FATAL:  database system identifier differs between the primary and standby\n");
    assertThat(watch.read()).containsExactly(Sign.OTHER_CLUSTER);
  }

  @Test
  void whatWasSaidBeforeIsNotHeard() throws Exception {
    append("FATAL:  database system identifier differs between the primary and standby\n");

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
