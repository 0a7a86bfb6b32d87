package dev.understudy.cloner.source;

import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.FileStatus;
import dev.understudy.cloner.tree.UntrustedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Production's data directory as it lies there, looked at from outside.
 *
 * @param path without links
 * @param ownerUid who runs the server
 * @param major version
 */
record SourceDirectory(Path path, int ownerUid, int ownerGid, int major, PgControl control) {
  private static final int SHORT = 8192;
  private static final int TORN_READS = 20;

  static SourceDirectory open(Path directory) throws SourceException {
    String looking = "PG_VERSION";
    try {
      Path path = directory.toRealPath();
      FileStatus status;
      try (Directory opened = Directory.open(path)) {
        status = opened.status();
      }
      String version = readShort(path.resolve("PG_VERSION")).strip();
      if (!version.matches("[0-9]{2}")) {
        throw SourceFailures.unsupported(version);
      }
      SourceFailures.requireSupported(Integer.parseInt(version));
      looking = "global/pg_control";
      return new SourceDirectory(
          path, status.uid(), status.gid(), Integer.parseInt(version), PgControl.read(path));
    } catch (NoSuchFileException e) {
      throw unusable(directory, "There is no " + e.getFile() + ".", e);
    } catch (IOException e) {
      throw unusable(directory, looking + ": " + e.getMessage(), e);
    }
  }

  private static SourceException unusable(Path directory, String detail, IOException cause) {
    return new SourceException(
        Kind.DIRECTORY,
        "%s is no data directory that can be read".formatted(directory),
        detail,
        "Give the directory that SHOW data_directory names on production,"
            + " and run as root or as the user who owns it.",
        cause);
  }

  /** What the server says of itself. */
  PostmasterPid postmaster() throws SourceException {
    try {
      PostmasterPid postmaster = PostmasterPid.parse(readShort(path.resolve("postmaster.pid")));
      if (!postmaster.processExists()) {
        throw notRunning("postmaster.pid is left over: no process %d.".formatted(postmaster.pid()));
      }
      if (postmaster.status().equals("starting") || postmaster.status().equals("stopping")) {
        throw notRunning("The server is %s.".formatted(postmaster.status()));
      }
      return postmaster;
    } catch (IOException e) {
      throw notRunning("postmaster.pid: " + e.getMessage() + ".");
    }
  }

  /** Only a primary's files move on with the server that a backup is made of. */
  void requireInProduction() throws SourceException {
    switch (control.state()) {
      case IN_PRODUCTION -> {}
      case IN_ARCHIVE_RECOVERY, SHUT_DOWN_IN_RECOVERY ->
          throw new SourceException(
              Kind.UNSUPPORTED,
              "the server of %s is a standby".formatted(path),
              "A source of type directory is copied from a primary so far.",
              "Point directory at the primary's data directory, on the primary's host.");
      case STARTUP, SHUT_DOWN, SHUTTING_DOWN, IN_CRASH_RECOVERY ->
          throw notRunning("global/pg_control says %s.".formatted(control.state()));
    }
  }

  /**
   * A backup begins with a checkpoint, so the files of its server know one that is not older. Those
   * of another server of the same cluster, as of a copy of the whole machine, do not.
   */
  void requireCheckpoint(Lsn start) throws SourceException, IOException {
    Lsn redo = new Lsn(currentControl().redo());
    if (Long.compareUnsigned(redo.bytes(), start.bytes()) < 0) {
      throw new SourceException(
          Kind.OTHER_SERVER,
          "the server that answers is not the one of %s".formatted(path),
          "Its checkpoint at %s is not in the directory, which ends with the one at %s."
              .formatted(start, redo),
          "Correct directory or url of the source, so that both mean one server.");
    }
  }

  /** A reader may see half of a write. */
  private PgControl currentControl() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return PgControl.read(path);
      } catch (IOException e) {
        if (attempt == TORN_READS) {
          throw e;
        }
      }
    }
  }

  private SourceException notRunning(String detail) {
    return new SourceException(
        Kind.NOT_RUNNING,
        "no server runs on %s".formatted(path),
        detail,
        "Start production's server; it is copied while it runs.");
  }

  /** Where WAL lies; the one link that a data directory may have. */
  Path wal() throws IOException {
    Path wal = path.resolve("pg_wal");
    return Files.isSymbolicLink(wal) ? wal.toRealPath() : wal.toRealPath(LinkOption.NOFOLLOW_LINKS);
  }

  private static String readShort(Path file) throws IOException {
    return new String(UntrustedFile.read(file, SHORT), StandardCharsets.UTF_8);
  }
}
