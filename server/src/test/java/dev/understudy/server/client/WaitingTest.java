package dev.understudy.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingTest {
  private static final String LONG = "CREATE ENVIRONMENT " + "x".repeat(63);

  private final StringWriter shown = new StringWriter();

  @Test
  void whatFitsIsShownWhole() {
    assertThat(line("SNAPSHOT SOURCE prod", null, 80)).isEqualTo("| SNAPSHOT SOURCE prod, 0 s ");
  }

  @Test
  void ofALongNameTheBeginningIsShownBesideTheProgress() {
    assertThat(line(LONG, new Copied("copy", 45L << 20, 100L << 20), 80))
        .hasSize(79)
        .startsWith("| CREATE ENVIRONMENT x")
        .endsWith("x..., 0 s [#########...........]  45 %, 45 MiB of 100 MiB");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 10, 40})
  void nothingEverWraps(int columns) {
    assertThat(line(LONG, new Copied("mask", 1, 2), columns)).hasSize(Math.max(0, columns - 1));
  }

  /** Without what puts it in the place of the one before. */
  private String line(String what, @Nullable Copied copied, int columns) {
    new Waiting(new PrintWriter(shown), true, () -> columns).tick(what, copied);
    assertThat(shown.toString()).startsWith("\r").endsWith("\033[K");
    return shown.toString().substring(1, shown.toString().length() - 3);
  }
}
