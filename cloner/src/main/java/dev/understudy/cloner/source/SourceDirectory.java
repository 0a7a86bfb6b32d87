package dev.understudy.cloner.source;

import dev.understudy.cloner.host.UntrustedFile;
import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.FileStatus;
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

  static SourceDirectory open(Path directory) throws SourceException {
    String looking = "PG_VERSION";
    try {
      Path path = directory.toRealPath();
      FileStatus status;
      try (Directory opened = Directory.open(path)) {
        status = opened.status();
      }
      String version = readShort(path.resolve("PG_VERSION")).strip();
      if (!version.matches("[0-9]{2}") || Integer.parseInt(version) < 13) {
        throw new SourceException(
            Kind.UNSUPPORTED,
            "%s is of a PostgreSQL that is not supported".formatted(directory),
            "PG_VERSION says '%s'.".formatted(version),
            "PostgreSQL 13 and later can be mirrored.");
      }
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
