package dev.understudy.cloner.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WalSegmentsTest {
  private final WalSegments usual = new WalSegments(16 << 20);

  @Test
  void namesTheSegmentOfAPosition() {
    assertThat(usual.nameOf(1, Lsn.parse("0/2000028"))).isEqualTo("000000010000000000000002");
    assertThat(usual.nameOf(0x1f, Lsn.parse("16/B374D848"))).isEqualTo("0000001F00000016000000B3");
    assertThat(new WalSegments(1 << 30).nameOf(2, Lsn.parse("1/40000000")))
        .isEqualTo("000000020000000100000001");
    assertThat(new WalSegments(1 << 20).nameOf(1, Lsn.parse("0/FFFFFFFF")))
        .isEqualTo("000000010000000000000FFF");
  }

  @Test
  void aRangeEndsBeforeItsEnd() {
    assertThat(usual.namesOf(1, Lsn.parse("0/2000028"), Lsn.parse("0/3000000")))
        .containsExactly("000000010000000000000002");
    assertThat(usual.namesOf(1, Lsn.parse("0/FE000028"), Lsn.parse("1/1")))
        .containsExactly(
            "0000000100000000000000FE", "0000000100000000000000FF", "000000010000000100000000");
  }

  @Test
  void knowsTheirNames() {
    assertThat(WalSegments.isSegment("000000010000000000000002")).isTrue();
    assertThat(WalSegments.isSegment("000000010000000000000002.partial")).isFalse();
    assertThat(WalSegments.isHistory("00000002.history")).isTrue();
    assertThat(WalSegments.isHistory("archive_status")).isFalse();
  }

  @Test
  void aSizeIsAPowerOfTwoOfMebibytes() {
    assertThatThrownBy(() -> new WalSegments(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new WalSegments(3 << 20)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPositionIsShownAsItWasRead() {
    assertThat(Lsn.parse("FFFFFFFF/FFFFFFFF").toString()).isEqualTo("FFFFFFFF/FFFFFFFF");
    assertThat(Lsn.parse("16/B374D848").toString()).isEqualTo("16/B374D848");
    assertThatThrownBy(() -> Lsn.parse("16")).isInstanceOf(IllegalArgumentException.class);
  }
}
