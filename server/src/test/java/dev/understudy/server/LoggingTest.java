package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LoggingTest {
  @Test
  void aNameChosenByAClientForgesNoLine() {
    Logger log = LoggerFactory.getLogger(LoggingTest.class);
    PrintStream stderr = System.err;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      log.info("login \"{}\" refused", "a\r\n2026-01-01T00:00:00.000Z INFO  all is well\u001b[2J");
    } finally {
      System.setErr(stderr);
    }
    assertThat(written.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains("INFO  login \"a | 2026-01-01")
        .doesNotContain("\u001b");
  }
}
