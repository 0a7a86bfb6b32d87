package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.ServerConfiguration;
import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.postgres.ServerWords;
import dev.understudy.cloner.postgres.Servers;
import dev.understudy.cloner.snapshot.Preparation.Prepared;
import dev.understudy.cloner.snapshot.SnapshotException.Kind;
import dev.understudy.cloner.source.Completion;
import dev.understudy.cloner.source.InterruptibleSql;
import dev.understudy.cloner.source.SourceCopy;
import dev.understudy.cloner.tree.Directory;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one start of a copy of production on its way to a snapshot, in the sandbox. Recovery, where a
 * copy needs any, is archive recovery with an archive that has nothing: PostgreSQL then insists on
 * the end-of-backup record, and leaves production's timeline.
 */
final class SnapshotServer {
  private static final Duration RECOVERY = Duration.ofMinutes(60);
  private static final Duration SHUTDOWN = Duration.ofMinutes(30);

  /** The most that PostgreSQL takes for an age. */
  private static final String OLDEST = "2000000000";

  private static final String DISK_FULL = "53100";

  private final Servers servers;
  private final PostgresBinaries binaries;
  private final Path directory;
  private final Path data;
  private final Path socketDirectory;
  private final Preparation preparation;

  SnapshotServer(
      Servers servers,
      PostgresBinaries binaries,
      Path directory,
      Path socketDirectory,
      Preparation preparation) {
    this.servers = requireNonNull(servers, "servers is null");
    this.binaries = requireNonNull(binaries, "binaries is null");
    this.directory = requireNonNull(directory, "directory is null");
    this.data = directory.resolve("data");
    this.socketDirectory = requireNonNull(socketDirectory, "socketDirectory is null");
    this.preparation = requireNonNull(preparation, "preparation is null");
  }

  /** Holds words of production's until it is removed. */
  Path logFile() {
    return directory.resolve("server.log");
  }

  /** When this returns, however, no server runs. */
  Prepared recoverAndPrepare(SourceCopy copy)
      throws SnapshotException, IOException, InterruptedException {
    if (copy.completion() instanceof Completion.Recovery) {
      try (Directory tree = Directory.open(data)) {
        tree.createFile("recovery.signal").close();
      }
    }
    servers.configure(data, new ServerConfiguration(false, copy.settings()));
    RunningServer server = start(copy);
    boolean prepared = false;
    try {
      Prepared result =
          InterruptibleSql.call(
              () -> preparation.run(server, copy.superuser(), data), () -> kill(server));
      if (!server.stop(SHUTDOWN)) {
        throw new SnapshotException(
            Kind.PREPARATION,
            "the copy's server did not stop cleanly",
            null,
            "See that disk and memory here are sound, and cut it again.",
            null);
      }
      prepared = true;
      return result;
    } catch (PreparationException e) {
      throw new SnapshotException(
          Kind.PREPARATION,
          requireNonNull(e.getMessage(), "message is null"),
          e.detail(),
          e.hint(),
          e);
    } catch (SQLException e) {
      throw unprepared(e);
    } finally {
      if (!prepared) {
        kill(server);
      }
    }
  }

  private static SnapshotException unprepared(SQLException e) {
    if (LostServer.isReasonOf(e)) {
      return new SnapshotException(
          Kind.PREPARATION,
          "the copy of production could not be made ready: " + LostServer.WORDS,
          e.getMessage(),
          LostServer.HINT,
          e);
    }
    boolean full = DISK_FULL.equals(e.getSQLState());
    return new SnapshotException(
        full ? Kind.SPACE : Kind.PREPARATION,
        full
            ? "the pool became full while the copy of production was made ready"
            : "the copy of production could not be made ready",
        ServerWords.of(e),
        full
            ? "Enlarge the file system of the data directory."
            : "Mend on production what is named, if it is production's; then cut it again.",
        ServerWords.mayQuoteRows(e) ? null : e);
  }

  /** The files of the stopped server, known to be whole. */
  StoppedData stopped(SourceCopy copy) throws SnapshotException {
    try {
      return StoppedData.check(data, copy.completion());
    } catch (IOException e) {
      throw new SnapshotException(
          Kind.RECOVERY,
          "the copy of production was not recovered as it must be",
          e.getMessage(),
          "Cut it again; if it fails again, see that production's disk and memory are sound.",
          e);
    }
  }

  private RunningServer start(SourceCopy copy) throws SnapshotException, InterruptedException {
    Map<String, String> critical = new HashMap<>();
    critical.put("restore_command", "exit 1");
    critical.put("recovery_target_timeline", "current");
    critical.put("hot_standby", "off");
    critical.put("autovacuum", "off");
    // Even then a copy with old rows would be vacuumed against wraparound, beside our own work.
    critical.put("autovacuum_freeze_max_age", OLDEST);
    critical.put("autovacuum_multixact_freeze_max_age", OLDEST);
    critical.put("log_min_messages", "warning");
    critical.put("log_statement", "none");
    critical.put("log_min_duration_statement", "-1");
    if (copy.version() >= 170_000) {
      critical.put("event_triggers", "off");
    }
    try {
      return servers.start(
          new ServerSpec(binaries, data, socketDirectory, logFile(), critical),
          identity -> {},
          RECOVERY);
    } catch (ServerException e) {
      throw new SnapshotException(
          Kind.RECOVERY,
          "the copy of production did not become consistent",
          detail(e),
          "Cut it again; if it fails again, see that production's disk and memory are sound.",
          e);
    }
  }

  private static String detail(ServerException e) {
    @Nullable String tail = e.logTail().isBlank() ? null : e.logTail().strip();
    return tail == null ? String.valueOf(e.getMessage()) : e.getMessage() + "\n" + tail;
  }

  private static void kill(RunningServer server) {
    boolean interrupted = Thread.interrupted();
    try {
      server.kill();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
