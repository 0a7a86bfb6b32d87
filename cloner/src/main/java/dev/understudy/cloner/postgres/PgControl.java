package dev.understudy.cloner.postgres;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.tree.UntrustedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The control file of a data directory, {@code global/pg_control}, of PostgreSQL 14 to 18. Only
 * ever made of bytes whose checksum is right.
 *
 * @param controlVersion 1300 for PostgreSQL 14 to 16, 1700, 1800
 * @param checkpoint position of the latest checkpoint record
 * @param redo where replay from that checkpoint begins
 * @param minRecoveryPoint how far replay must go before the data is consistent; 0 for none
 * @param backupStartPoint not 0 while a base backup is being recovered
 * @param backupEndRequired an end-of-backup record must still come
 * @param walSegmentSize bytes
 * @param checksumVersion 0 without data checksums
 */
public record PgControl(
    long systemIdentifier,
    int controlVersion,
    int catalogVersion,
    State state,
    long checkpoint,
    long redo,
    int timeline,
    long minRecoveryPoint,
    int minRecoveryPointTimeline,
    long backupStartPoint,
    boolean backupEndRequired,
    WalLevel walLevel,
    int maxConnections,
    int maxWorkerProcesses,
    int maxWalSenders,
    int maxPreparedTransactions,
    int maxLocksPerTransaction,
    int blockSize,
    int walSegmentSize,
    int checksumVersion) {

  /** In the order of PostgreSQL's {@code DBState}. */
  public enum State {
    STARTUP,
    SHUT_DOWN,
    SHUT_DOWN_IN_RECOVERY,
    SHUTTING_DOWN,
    IN_CRASH_RECOVERY,
    IN_ARCHIVE_RECOVERY,
    IN_PRODUCTION
  }

  /** In PostgreSQL's order. */
  public enum WalLevel {
    MINIMAL,
    REPLICA,
    LOGICAL
  }

  private static final int FILE_SIZE = 8192;

  public PgControl {
    requireNonNull(state, "state is null");
    requireNonNull(walLevel, "walLevel is null");
  }

  /** The server was stopped, and its files need no recovery. */
  public boolean isShutDown() {
    return state == State.SHUT_DOWN || state == State.SHUT_DOWN_IN_RECOVERY;
  }

  /**
   * Reads the control file of a data directory that a server may be running on.
   *
   * @throws IOException also where the bytes are no control file of a version known here
   */
  public static PgControl read(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve("global/pg_control");
    try {
      return parse(UntrustedFile.read(file, FILE_SIZE));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads the bytes of the file.
   *
   * @throws IllegalArgumentException if these are not the bytes of a control file
   */
  static PgControl parse(byte[] bytes) {
    if (bytes.length < 296) {
      throw new IllegalArgumentException("only %d bytes long".formatted(bytes.length));
    }
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int version = file.getInt(8);
    verifyChecksum(file, checksumOffset(version));
    return new PgControl(
        file.getLong(0),
        version,
        file.getInt(12),
        State.values()[checked(file.getInt(16), State.values().length)],
        file.getLong(32),
        file.getLong(40),
        file.getInt(48),
        file.getLong(136),
        file.getInt(144),
        file.getLong(152),
        file.get(168) != 0,
        WalLevel.values()[checked(file.getInt(172), WalLevel.values().length)],
        file.getInt(180),
        file.getInt(184),
        file.getInt(188),
        file.getInt(192),
        file.getInt(196),
        file.getInt(216),
        file.getInt(228),
        file.getInt(252));
  }

  /** The layouts differ only behind the fields that are read here. */
  private static int checksumOffset(int controlVersion) {
    return switch (controlVersion) {
      case 1300, 1700 -> 288;
      // default_char_signedness stands before the nonce.
      case 1800 -> 292;
      default ->
          throw new IllegalArgumentException(
              "control file version %d is not one of PostgreSQL 14 to 18"
                  .formatted(controlVersion));
    };
  }

  private static void verifyChecksum(ByteBuffer file, int offset) {
    CRC32C crc = new CRC32C();
    crc.update(file.slice(0, offset));
    if ((int) crc.getValue() != file.getInt(offset)) {
      throw new IllegalArgumentException("the checksum is wrong");
    }
  }

  private static int checked(int value, int count) {
    if (value < 0 || value >= count) {
      throw new IllegalArgumentException("unknown state or WAL level %d".formatted(value));
    }
    return value;
  }
}
