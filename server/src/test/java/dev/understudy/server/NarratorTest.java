package dev.understudy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class NarratorTest {
  private final StringWriter out = new StringWriter();
  private final Narrator narrator = new Narrator(new PrintWriter(out));

  @Test
  void tellsAStepAndItsTime() throws Exception {
    assertThat(narrator.step("count to seven", () -> 7)).isEqualTo(7);
    assertThat(out.toString()).matches("ok      count to seven \\.{3,} +\\d+ ms\\R");
  }

  @Test
  void tellsAFailureAndPassesItOn() {
    assertThatThrownBy(() ->
            narrator.step(
                "fall",
                () -> {
                  throw new IOException("ouch");
                }))
        .isInstanceOf(IOException.class);
    assertThat(out.toString()).startsWith("FAILED  fall ...");
  }
}
