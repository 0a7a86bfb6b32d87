package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.FileTrouble;
import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.RegularFile;
import dev.understudy.config.Secret;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A live server's data directory on this host, copied while it works. Production is never stopped
 * and nothing of it is changed; what it feels is one checkpoint, one switch of the WAL segment, and
 * the reads. All that the copy needs there belongs to one session, and ends with it.
 */
public final class DirectorySource implements Mirror {
  private static final Duration CHECKPOINT = Duration.ofMinutes(30);
  private static final Pattern TIMELINE =
      Pattern.compile("^START TIMELINE: ([0-9]+)$", Pattern.MULTILINE);
  private static final int TORN_READS = 20;

  private final String name;
  private final SourceType.Directory settings;
  private final Pool pool;
  private final IntFunction<Optional<PostgresBinaries>> binaries;

  /**
   * @param binaries by major version
   */
  public DirectorySource(
      String name,
      SourceType.Directory settings,
      Pool pool,
      IntFunction<Optional<PostgresBinaries>> binaries) {
    this.name = requireNonNull(name, "name is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.pool = requireNonNull(pool, "pool is null");
    this.binaries = requireNonNull(binaries, "binaries is null");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe() {
    return "the data directory " + settings.path();
  }

  @Override
  public Optional<String> position() throws SourceException, InterruptedException {
    SourceDirectory directory = SourceDirectory.open(settings.path());
    Connection connection = connect(directory, directory.postmaster());
    try (connection) {
      return Optional.of(InterruptibleSql.call(connection, () -> WritePosition.of(connection)));
    } catch (SQLException e) {
      throw failed("production's server does not answer", e);
    }
  }

  @Override
  public SourceCopy copyInto(Path tree, CopyListener listener)
      throws SourceException, InterruptedException {
    long began = System.nanoTime();
    SourceDirectory directory = SourceDirectory.open(settings.path());
    PostgresBinaries programs = requireBinaries(directory.major());
    PostmasterPid postmaster = directory.postmaster();
    directory.requireInProduction();
    Connection connection = connect(directory, postmaster);
    try (connection) {
      int version = version(connection);
      Preflight preflight = new Preflight(connection, version);
      preflight.check(directory, postmaster);
      Map<String, String> carried = CarriedSettings.read(connection);
      LeftBehind leftBehind = LeftBehind.read(connection);
      String position = WritePosition.of(connection);
      try (Directory source = Directory.open(directory.path());
          Directory target = Directory.open(tree)) {
        requireShareable(tree);
        Tablespaces tablespaces = Tablespaces.read(directory);
        requireTablespacesInPlace(programs, tablespaces);
        long size = requireSpace(source, tablespaces, directory.control());
        DataDirectoryCopy copy =
            new DataDirectoryCopy(settings.shareBlocks(), tablespaces, listener, size);
        Finished finished = copy(connection, preflight, directory, source, target, copy);
        return new SourceCopy(
            directory.control().systemIdentifier(),
            version,
            finished.superuser(),
            new Completion.Recovery(
                finished.timeline(), finished.start(), finished.stopped().stop()),
            finished.stopped().dataTime(),
            carried,
            leftBehind,
            position,
            copy.files(),
            copy.bytes(),
            Duration.ofNanos(System.nanoTime() - began));
      }
    } catch (SQLException e) {
      throw failed("production's server ended the backup", e);
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while copying production");
    } catch (SystemCallException e) {
      throw explained(e, tree);
    } catch (IOException e) {
      throw failed("production's files cannot be copied", e);
    }
  }

  /**
   * A backup from its start to its end, all its files in the copy.
   *
   * @param superuser by the name that it had at the end, as the copy knows it
   */
  private record Finished(
      Lsn start, int timeline, BackupSession.Stopped stopped, String superuser) {}

  private static Finished copy(
      Connection connection,
      Preflight preflight,
      SourceDirectory directory,
      Directory source,
      Directory target,
      DataDirectoryCopy copy)
      throws SQLException, IOException, SourceException, InterruptedException {
    NewTablespaces newTablespaces = NewTablespaces.watch(connection);
    try (BackupSession backup =
        InterruptibleSql.call(
            connection, () -> BackupSession.start(connection, preflight.version()))) {
      directory.requireCheckpoint(backup.start());
      copy.copy(source, target);
      copyControlFile(source, target, copy, directory);
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
      return new Finished(backup.start(), timeline, stopped, superuser);
    }
  }

  /** A reader may see half of a write, so what was read must have the right checksum. */
  private static void copyControlFile(
      Directory source, Directory target, DataDirectoryCopy copy, SourceDirectory directory)
      throws IOException {
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

  private Connection connect(SourceDirectory directory, PostmasterPid postmaster)
      throws SourceException, InterruptedException {
    Secret url = settings.url();
    try {
      Account owner =
          Accounts.byUid(directory.ownerUid())
              .orElse(
                  new Account(
                      "uid" + directory.ownerUid(), directory.ownerUid(), directory.ownerGid()));
      return new SourceConnector(
              url == null ? ConnectionUrl.empty() : ConnectionUrl.parse(url),
              postmaster,
              owner,
              Accounts.isRoot())
          .connect(CHECKPOINT);
    } catch (IllegalArgumentException e) {
      throw new SourceException(
          Kind.CONNECTION,
          "url of source '%s' is no connection URI".formatted(name),
          e.getMessage(),
          "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.");
    } catch (IOException e) {
      throw failed("the owner of production's files cannot be found out", e);
    }
  }

  private PostgresBinaries requireBinaries(int major) throws SourceException {
    return binaries
        .apply(major)
        .orElseThrow(() ->
            new SourceException(
                Kind.BINARIES,
                "PostgreSQL %d is not installed here".formatted(major),
                "Production is of that version, and clones need its programs.",
                "Install it, or name its directory in the setting postgresql.binaries."));
  }

  private static void requireTablespacesInPlace(PostgresBinaries programs, Tablespaces tablespaces)
      throws SourceException {
    if (!tablespaces.isEmpty() && !programs.knowsTablespacesInPlace()) {
      throw new SourceException(
          Kind.BINARIES,
          "the PostgreSQL installed here is too old for production's tablespaces",
          "In a copy they are directories of the data directory, which %s does not know."
              .formatted(programs.home()),
          "Install the newest minor release; 14.5 is the first that will do.");
    }
  }

  /** On ZFS trees are cloned as a whole, and single files are not to be. */
  private void requireShareable(Path tree) throws SourceException, IOException {
    if (settings.shareBlocks() && PoolProbe.isOnZfs(tree)) {
      throw new SourceException(
          Kind.COPY,
          "the pool does not share blocks with production",
          "It is on ZFS, where sharing blocks of single files is not safe in every version.",
          "Leave share-blocks out: the bytes are copied once, and clones share them.");
    }
  }

  private long requireSpace(Directory source, Tablespaces tablespaces, PgControl control)
      throws IOException, SourceException {
    long size = DataDirectorySize.measure(source, tablespaces);
    long wanted =
        (settings.shareBlocks() ? 0 : size)
            + Math.max(256L << 20, size / 10)
            + 2L * control.walSegmentSize();
    try {
      pool.requireRoom(wanted);
    } catch (PoolFullException e) {
      throw new SourceException(
          Kind.SPACE,
          "the pool has no room for a copy of production",
          "Production has %d MiB; with WAL and work %d MiB are needed. %s."
              .formatted(size >> 20, wanted >> 20, e.getMessage()),
          "Enlarge the file system of the data directory.",
          e);
    }
    return size;
  }

  private static int version(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT current_setting('server_version_num')::int")) {
      row.next();
      return row.getInt(1);
    }
  }

  private SourceException explained(SystemCallException e, Path tree) {
    if (e.isFull()) {
      IOException full = PoolFullException.orSame(e, tree);
      return new SourceException(
          Kind.SPACE,
          "the pool became full while production was copied",
          full.getMessage(),
          "Enlarge the file system of the data directory.",
          e);
    }
    boolean unshared =
        e.errno() == SystemCallException.EOPNOTSUPP
            || e.errno() == SystemCallException.EXDEV
            || e.errno() == SystemCallException.EINVAL;
    if (settings.shareBlocks() && unshared) {
      return new SourceException(
          Kind.COPY,
          "the pool cannot share blocks with production",
          "%s; share-blocks needs both, production's tablespaces included, on one file system"
              .concat(" that can share.")
              .formatted(e.getMessage()),
          "Leave share-blocks out: the bytes are copied then.",
          e);
    }
    return failed("production's files cannot be copied", e);
  }

  private static SourceException failed(String message, Exception cause) {
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
