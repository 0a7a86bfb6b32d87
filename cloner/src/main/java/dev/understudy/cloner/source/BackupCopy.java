package dev.understudy.cloner.source;

import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One base backup, from its start to its end, with all its files in the copy. */
final class BackupCopy {
  private static final Pattern TIMELINE =
      Pattern.compile("^START TIMELINE: ([0-9]+)$", Pattern.MULTILINE);
  private static final int TORN_READS = 20;

  private final Connection connection;
  private final Preflight preflight;
  private final SourceDirectory directory;
  private final DataDirectoryCopy copy;

  /**
   * @param connection all that the backup needs of production belongs to its session
   */
  BackupCopy(
      Connection connection,
      Preflight preflight,
      SourceDirectory directory,
      DataDirectoryCopy copy) {
    this.connection = connection;
    this.preflight = preflight;
    this.directory = directory;
    this.copy = copy;
  }

  /**
   * What recovery of the copy has to know.
   *
   * @param superuser by the name that it had at the end, as the copy knows it
   */
  record Backup(Lsn start, int timeline, BackupSession.Stopped stopped, String superuser) {}

  /** Blocks for as long as the copy takes. */
  Backup run(Directory source, Directory target)
      throws SQLException, IOException, SourceException, InterruptedException {
    NewTablespaces newTablespaces = NewTablespaces.watch(connection);
    try (BackupSession backup =
        InterruptibleSql.call(
            connection, () -> BackupSession.start(connection, preflight.version()))) {
      directory.requireCheckpoint(backup.start());
      copy.copy(source, target);
      copyControlFile(source, target);
      BackupSession.Stopped stopped = InterruptibleSql.call(connection, backup::stop);
      String superuser = preflight.superuser();
      newTablespaces.requireNone();
      int timeline = timeline(stopped.label());
      WalSegments segments = new WalSegments(directory.control().walSegmentSize());
      try (Directory wal = target.directory("pg_wal")) {
        new WalCopy(copy, segments)
            .copy(directory.wal(), wal, timeline, backup.start(), stopped.stop());
      }
      try (RegularFile label = target.createFile("backup_label")) {
        label.write(stopped.label().getBytes(StandardCharsets.UTF_8));
      }
      return new Backup(backup.start(), timeline, stopped, superuser);
    }
  }

  /** A reader may see half of a write, so what was read must have the right checksum. */
  private void copyControlFile(Directory source, Directory target) throws IOException {
    try (Directory from = source.directory("global");
        Directory to = target.directory("global")) {
      for (int attempt = 1; ; attempt++) {
        copy.copyBytes(from, to, "pg_control");
        try {
          PgControl.read(Path.of("/proc/self/fd/" + target.number()));
          return;
        } catch (IOException e) {
          if (attempt == TORN_READS) {
            throw new IOException("pg_control of " + directory.path() + " is damaged", e);
          }
          to.unlink("pg_control");
        }
      }
    }
  }

  private static int timeline(String label) throws IOException {
    Matcher timeline = TIMELINE.matcher(label);
    if (!timeline.find()) {
      throw new IOException("the backup's label names no timeline");
    }
    return Integer.parseInt(timeline.group(1));
  }
}
