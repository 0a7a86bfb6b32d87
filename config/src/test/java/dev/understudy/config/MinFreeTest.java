package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MinFreeTest {
  private static final long GIB = 1L << 30;

  @Test
  void sizesHaveUnits() {
    assertThat(MinFree.parse("512M").of(100 * GIB)).isEqualTo(GIB / 2);
    assertThat(MinFree.parse("2 TiB").of(GIB)).isEqualTo(2048 * GIB);
  }

  @Test
  void aShareGrowsWithTheFileSystem() {
    assertThat(MinFree.parse("10%").of(100 * GIB)).isEqualTo(100 * GIB / 100 * 10);
    assertThat(MinFree.parse("0%").of(100 * GIB)).isZero();
  }

  @Test
  void theDefaultStaysWithinReason() {
    assertThat(MinFree.DEFAULT.of(GIB)).isEqualTo(GIB / 4);
    assertThat(MinFree.DEFAULT.of(100 * GIB)).isEqualTo(100 * GIB / 100 * 5);
    assertThat(MinFree.DEFAULT.of(5000 * GIB)).isEqualTo(20 * GIB);
  }
}
