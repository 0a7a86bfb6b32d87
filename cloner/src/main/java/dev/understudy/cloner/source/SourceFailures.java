package dev.understudy.cloner.source;

import dev.understudy.cloner.host.FileTrouble;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.source.SourceException.Kind;
import java.io.IOException;

/** The words for what can happen to a copy of production, however it is made. */
public final class SourceFailures {
  private static final int OLDEST = 14;
  private static final int NEWEST = 18;

  private SourceFailures() {}

  /** Production has to be of a version that is supported. */
  public static void requireSupported(int major) throws SourceException {
    if (major < OLDEST || major > NEWEST) {
      throw unsupported(Integer.toString(major));
    }
  }

  /**
   * Production is of another version than can be mirrored.
   *
   * @param version as it calls it
   */
  static SourceException unsupported(String version) {
    return new SourceException(
        Kind.UNSUPPORTED,
        "production's PostgreSQL %s is not supported".formatted(version),
        null,
        "PostgreSQL %d to %d can be mirrored.".formatted(OLDEST, NEWEST));
  }

  /** No PostgreSQL of production's major version is there. */
  public static SourceException notInstalled(int major) {
    return new SourceException(
        Kind.BINARIES,
        "PostgreSQL %d is not installed here".formatted(major),
        "Production is of that version, and clones need its programs.",
        "Install it, or name its directory in the setting postgresql.binaries.");
  }

  /**
   * The pool has to have room for a copy, beside what it keeps free.
   *
   * @param what the room is for
   * @param needs in a sentence
   */
  public static void requireRoom(Pool pool, long bytes, String what, String needs)
      throws SourceException, IOException {
    try {
      pool.requireRoom(bytes);
    } catch (PoolFullException e) {
      throw new SourceException(
          Kind.SPACE,
          "the pool has no room for " + what,
          "%s %s.".formatted(needs, e.getMessage()),
          "Enlarge the file system of the data directory.",
          e);
    }
  }

  /** A copy broke off, because of files or because of production's server. */
  public static SourceException brokenOff(String message, Exception cause) {
    return new SourceException(
        Kind.COPY,
        message,
        String.valueOf(cause.getMessage()),
        cause instanceof IOException trouble
            ? FileTrouble.hint(trouble)
            : "See production's log for why it ended; it is tried again.",
        cause);
  }
}
