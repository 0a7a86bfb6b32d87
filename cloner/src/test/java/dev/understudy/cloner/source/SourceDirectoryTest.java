package dev.understudy.cloner.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.source.SourceException.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceDirectoryTest {
  private static final int IN_PRODUCTION = 6;
  private static final long REDO = 0x1_0000_0028L;

  @TempDir Path parent;

  @Test
  void knowsTheCheckpointOfItsOwnServer() throws Exception {
    SourceDirectory directory = directory(IN_PRODUCTION);
    directory.requireInProduction();
    directory.requireCheckpoint(new Lsn(REDO));
    directory.requireCheckpoint(new Lsn(REDO - 1));
  }

  @Test
  void doesNotKnowTheCheckpointOfAnother() throws Exception {
    SourceDirectory directory = directory(IN_PRODUCTION);
    SourceException e =
        catchThrowableOfType(
            SourceException.class, () -> directory.requireCheckpoint(new Lsn(REDO + 1)));
    assertThat(e.kind()).isEqualTo(Kind.OTHER_SERVER);
    assertThat(e.detail()).contains("1/00000029", "1/00000028");
  }

  @ParameterizedTest
  @CsvSource({
    "0, NOT_RUNNING",
    "1, NOT_RUNNING",
    "2, UNSUPPORTED",
    "3, NOT_RUNNING",
    "4, NOT_RUNNING",
    "5, UNSUPPORTED"
  })
  void refusesAnyOtherState(int state, Kind kind) throws Exception {
    SourceException e =
        catchThrowableOfType(SourceException.class, directory(state)::requireInProduction);
    assertThat(e.kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"13", "9.6", "19"})
  void refusesVersionsThatAreNotSupported(String version) throws Exception {
    Files.writeString(parent.resolve("PG_VERSION"), version + "\n");

    SourceException e =
        catchThrowableOfType(SourceException.class, () -> SourceDirectory.open(parent));

    assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(e).hasMessage("production's PostgreSQL %s is not supported", version);
    assertThat(e.hint()).isEqualTo("PostgreSQL 14 to 18 can be mirrored.");
  }

  private SourceDirectory directory(int state) throws Exception {
    Files.writeString(parent.resolve("PG_VERSION"), "18\n");
    ByteBuffer file = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(8, 1800).putInt(16, state).putLong(40, REDO).putInt(228, 16 << 20);
    CRC32C crc = new CRC32C();
    crc.update(file.slice(0, 292));
    file.putInt(292, (int) crc.getValue());
    Files.createDirectories(parent.resolve("global"));
    Files.write(parent.resolve("global/pg_control"), file.array());
    return SourceDirectory.open(parent);
  }
}
