package dev.understudy.proxy.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.protocol.Bytes;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ColumnTypeTest {
  @Test
  void writesAsPostgresqlDoes() {
    assertThat(ColumnType.BOOL.text(true)).isEqualTo("t");
    assertThat(ColumnType.BOOL.binary(false)).isEqualTo(hex("00"));
    assertThat(ColumnType.INT8.text(-1L)).isEqualTo("-1");
    assertThat(ColumnType.INT8.binary(-2L)).isEqualTo(hex("fffffffffffffffe"));
    assertThat(ColumnType.INT4.binary(258)).isEqualTo(hex("00000102"));
    assertThat(ColumnType.NUMERIC.text(12_345_678L)).isEqualTo("12345678");
    assertThat(ColumnType.NUMERIC.binary(0L)).isEqualTo(hex("0000000000000000"));
    assertThat(ColumnType.NUMERIC.binary(10_000L)).isEqualTo(hex("000200010000000000010000"));
    assertThat(ColumnType.NUMERIC.binary(12_345_678L)).isEqualTo(hex("000200010000000004d2162e"));
    assertThat(ColumnType.TEXT.binary("é")).isEqualTo(Bytes.utf8("é"));
  }

  @Test
  void writesTimes() {
    Instant late = Instant.parse("2026-11-30T11:09:03.123456789Z");
    assertThat(ColumnType.TIMESTAMPTZ.text(late)).isEqualTo("2026-11-30 11:09:03.123456+00");
    assertThat(ColumnType.TIMESTAMPTZ.binary(late)).isEqualTo(hex("0003047b34c7b400"));
    assertThat(ColumnType.TIMESTAMPTZ.binary(Instant.parse("1999-12-31T23:59:59Z")))
        .isEqualTo(hex("fffffffffff0bdc0"));
  }

  private static Bytes hex(String hex) {
    return Bytes.of(HexFormat.of().parseHex(hex));
  }
}
