package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
  @Test
  void aNameChosenByAClientForgesNoLine() {
    String written =
        written(
            "a\r\n2026-01-01T00:00:00.000Z INFO  all is well\u001b[2J\u202e\u2028\u0085b", null);

    assertThat(written.split("[\n\r\u2028\u0085]"))
        .singleElement()
        .asString()
        .contains("INFO  login \"a | 2026-01-01")
        .doesNotContain("\u001b", "\u202e");
  }

  @Test
  void neitherDoesTheMessageOfAnException() {
    String forged = "\n2026-01-01T00:00:00.000Z INFO  all is well\r\u001b[2J\u202e\u2028end";
    Exception cause = new IllegalArgumentException("inner" + forged);

    String written = written("a", new IllegalStateException("outer" + forged, cause));

    assertThat(written)
        .endsWith("\n")
        .doesNotContain("\r", "\u001b", "\u202e", "\u2028", "\n2026")
        .containsOnlyOnce("java.lang.IllegalStateException: outer | 2026-01-01")
        .containsOnlyOnce("\nCaused by: java.lang.IllegalArgumentException: inner | 2026-01-01")
        .contains("\n\tat dev.understudy.server.LoggingTest.");
  }

  private static String written(String login, @Nullable Exception exception) {
    Logger log = LoggerFactory.getLogger(LoggingTest.class);
    PrintStream stderr = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      log.info("login \"{}\" refused", login, exception);
    } finally {
      System.setErr(stderr);
    }
    return written.toString(StandardCharsets.UTF_8);
  }
}
