package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.config.Secret;
import dev.understudy.config.SourceType;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live server's data directory on this host, copied while it works. Production is never stopped
 * and nothing of it is changed; what it feels is one checkpoint, one switch of the WAL segment, and
 * the reads. All that the copy needs there belongs to one session, and ends with it.
 */
public final class DirectorySource implements Mirror {
  private static final Duration CHECKPOINT = Duration.ofMinutes(30);
  private static final Logger LOG = LoggerFactory.getLogger(DirectorySource.class);

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
      throw SourceFailures.brokenOff("production's server does not answer", e);
    }
  }

  @Override
  public SourceCopy copyInto(Path tree, CopyListener listener)
      throws SourceException, InterruptedException {
    long began = System.nanoTime();
    SourceDirectory directory = SourceDirectory.open(settings.path());
    PostgresBinaries programs =
        binaries
            .apply(directory.major())
            .orElseThrow(() -> SourceFailures.notInstalled(directory.major()));
    PostmasterPid postmaster = directory.postmaster();
    directory.requireInProduction();
    Connection connection = connect(directory, postmaster);
    try (connection) {
      int version = version(connection);
      Preflight preflight = new Preflight(connection, version);
      preflight.check(directory, postmaster);
      new MissingLibraries(programs)
          .warning(connection, library -> false)
          .ifPresent(warning -> LOG.warn("source {}: {}", name, warning));
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
        BackupCopy.Backup backup =
            new BackupCopy(connection, preflight, directory, copy).run(source, target);
        return new SourceCopy(
            directory.control().systemIdentifier(),
            version,
            backup.superuser(),
            new Completion.Recovery(backup.timeline(), backup.start(), backup.stopped().stop()),
            backup.stopped().dataTime(),
            carried,
            leftBehind,
            position,
            copy.files(),
            copy.bytes(),
            Duration.ofNanos(System.nanoTime() - began));
      }
    } catch (SQLException e) {
      throw SourceFailures.brokenOff("production's server ended the backup", e);
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while copying production");
    } catch (SystemCallException e) {
      throw explained(e, tree);
    } catch (IOException e) {
      throw SourceFailures.brokenOff("production's files cannot be copied", e);
    }
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
      throw SourceFailures.brokenOff("the owner of production's files cannot be found out", e);
    }
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
    SourceFailures.requireRoom(
        pool,
        wanted,
        "a copy of production",
        "Production has %d MiB; with WAL and work %d MiB are needed."
            .formatted(size >> 20, wanted >> 20));
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
    return SourceFailures.brokenOff("production's files cannot be copied", e);
  }
}
