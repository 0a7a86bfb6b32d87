package dev.understudy.server.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private static final long GIB = 1L << 30;

  @Test
  void tellsShareAmountAndRate() {
    assertThat(ProgressBar.line(GIB, 4 * GIB, Duration.ofSeconds(8)))
        .isEqualTo("      [#######.......................]  25 %  1,024 of 4,096 MiB, 128 MiB/s ");
  }

  @Test
  void isFullAndNoMoreWhereProductionHasGrown() {
    assertThat(ProgressBar.line(5 * GIB, 4 * GIB, Duration.ofSeconds(1)))
        .contains("[##############################] 100 %");
  }

  @Test
  void tellsHowMuchIsMasked() {
    assertThat(ProgressBar.maskLine(GIB, 2 * GIB))
        .isEqualTo("      [###############...............]  50 %  1,024 of 2,048 MiB masked ");
  }

  @Test
  void knowsNoShareOfAnUnknownWhole() {
    assertThat(ProgressBar.line(GIB, 0, Duration.ZERO)).contains("[.....").contains("  0 %");
  }
}
