package dev.understudy.cloner.source;

/**
 * A position in the write-ahead log.
 *
 * @param bytes from its very start, unsigned
 */
public record Lsn(long bytes) {
  /** As PostgreSQL shows it: {@code 16/B374D848}. */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a position in the WAL: " + text);
    }
    return new Lsn(
        Long.parseLong(text.substring(0, slash), 16) << 32
            | Long.parseLong(text.substring(slash + 1), 16));
  }

  @Override
  public String toString() {
    return "%X/%08X".formatted(bytes >>> 32, bytes & 0xffff_ffffL);
  }
}
