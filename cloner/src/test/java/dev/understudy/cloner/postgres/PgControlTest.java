package dev.understudy.cloner.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PgControlTest {
  @ParameterizedTest
  @CsvSource({"1300, 288", "1700, 288", "1800, 292"})
  void readsEveryLayout(int version, int checksum) {
    PgControl control = PgControl.parse(file(version, checksum));

    assertThat(control.controlVersion()).isEqualTo(version);
    assertThat(control.systemIdentifier()).isEqualTo(7_000_000_000_000_000_001L);
    assertThat(control.state()).isEqualTo(PgControl.State.SHUT_DOWN);
    assertThat(control.isShutDown()).isTrue();
    assertThat(control.walSegmentSize()).isEqualTo(16 << 20);
  }

  @Test
  void refusesOneChangedBit() {
    byte[] file = file(1300, 288);
    file[100] ^= 1;

    assertThatThrownBy(() -> PgControl.parse(file)).hasMessage("the checksum is wrong");
  }

  @Test
  void refusesOtherVersions() {
    assertThatThrownBy(() -> PgControl.parse(file(1201, 288)))
        .hasMessageContaining("1201 is not one of PostgreSQL 14 to 18");
    assertThatThrownBy(() -> PgControl.parse(new byte[295])).hasMessageContaining("295 bytes");
    assertThatThrownBy(() -> PgControl.parse(new byte[8192])).hasMessageContaining("version 0");
  }

  @Test
  void refusesUnknownStates() {
    ByteBuffer file = ByteBuffer.wrap(file(1300, 288)).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(16, 7);
    seal(file, 288);

    assertThatThrownBy(() -> PgControl.parse(file.array())).hasMessageContaining("unknown state");
  }

  private static byte[] file(int version, int checksum) {
    ByteBuffer file = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(0, 7_000_000_000_000_000_001L);
    file.putInt(8, version);
    file.putInt(16, 1);
    file.putInt(228, 16 << 20);
    seal(file, checksum);
    return file.array();
  }

  private static void seal(ByteBuffer file, int checksum) {
    CRC32C crc = new CRC32C();
    crc.update(file.slice(0, checksum));
    file.putInt(checksum, (int) crc.getValue());
  }
}
