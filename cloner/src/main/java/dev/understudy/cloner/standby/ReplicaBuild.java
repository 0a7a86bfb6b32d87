package dev.understudy.cloner.standby;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.postgres.ServerConfiguration;
import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.sandbox.Reach;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.source.SourceFailures;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.FileSystemSync;
import dev.understudy.config.SourceType;
import dev.understudy.config.SourceType.Collations;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a replica, beside the one that there may be: asks production, takes a base backup, starts a
 * standby on it. Whatever fails, nothing of it is left, here or on production.
 */
final class ReplicaBuild {
  private static final Duration ANSWER = Duration.ofMinutes(2);
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaBuild.class);

  private final String name;
  private final SourceType.Standby settings;
  private final Production production;
  private final ReplicaPlace place;
  private final Pool pool;
  private final SandboxedServers servers;
  private final IntFunction<Optional<PostgresBinaries>> binaries;

  ReplicaBuild(
      String name,
      SourceType.Standby settings,
      Production production,
      ReplicaPlace place,
      Pool pool,
      SandboxedServers servers,
      IntFunction<Optional<PostgresBinaries>> binaries) {
    this.name = name;
    this.settings = settings;
    this.production = production;
    this.place = place;
    this.pool = pool;
    this.servers = servers;
    this.binaries = binaries;
  }

  /**
   * Makes one, which runs and is not published yet.
   *
   * @param known system identifier of production, where there is or was a replica of it
   */
  Replica build(@Nullable Long known, CopyListener listener)
      throws SourceException, InterruptedException {
    try {
      boolean made = false;
      String generation = place.newGeneration();
      try {
        Replica replica = copy(generation, begin(generation, known), listener);
        made = true;
        return replica;
      } finally {
        if (!made) {
          discard(generation);
        }
      }
    } catch (SQLException e) {
      throw SourceFailures.brokenOff("production's server does not answer", e);
    } catch (InterruptedIOException e) {
      Thread.interrupted();
      throw new InterruptedException("interrupted while making a replica");
    } catch (IOException e) {
      throw Storage.explained(e);
    }
  }

  /** Production as it was when the base backup began. */
  private record Begun(
      StandbyPreflight.Passed passed,
      Tablespaces tablespaces,
      ProductionFacts facts,
      Instant dataTime) {}

  private Begun begin(String generation, @Nullable Long known)
      throws SQLException, SourceException, IOException, InterruptedException {
    pool.requireRoom(0);
    try (Connection connection = production.connect(ANSWER)) {
      return Talk.call(connection, () -> begin(generation, connection, known));
    }
  }

  private Begun begin(String generation, Connection connection, @Nullable Long known)
      throws SQLException, SourceException, IOException, InterruptedException {
    StandbyPreflight.Passed passed =
        new StandbyPreflight(production, connection, settings, servers.isolates())
            .check(binaries, pool);
    if (known != null && known != passed.systemIdentifier()) {
      throw otherCluster(production, known, passed.systemIdentifier(), place);
    }
    passed.warnings().forEach(warning -> LOG.warn("source {}: {}", name, warning));
    if (settings.collations() == Collations.REFUSE) {
      new IcuCollations(
              servers,
              pool,
              passed.binaries(),
              place.generation(generation).resolve("icu"),
              place.socketDirectory(generation))
          .require(production, connection);
    }
    Tablespaces tablespaces = Tablespaces.read(connection);
    if (!tablespaces.locations().isEmpty() && !passed.binaries().knowsTablespacesInPlace()) {
      throw new SourceException(
          Kind.BINARIES,
          "production has tablespaces, and PostgreSQL here is too old for copies of them",
          null,
          "Install its newest minor release here.");
    }
    if (settings.slot() != null) {
      new Slot(place.slot()).make(connection, settings.slot(), settings.url());
    }
    return new Begun(passed, tablespaces, ProductionFacts.read(connection), now(connection));
  }

  private static Instant now(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  private Replica copy(String generation, Begun begun, CopyListener listener)
      throws SourceException, IOException, InterruptedException {
    Path data = place.data(generation);
    pool.create(data);
    place.secrets().write(production.url(), servers);
    Reach reach = Reaches.of(production, place.secrets());
    FollowSettings following =
        FollowSettings.of(
            settings, settings.slot(), production.url(), production.user(), servers.shown(reach));
    PostgresBinaries programs = begun.passed().binaries();
    ServerSpec spec =
        new ServerSpec(
            programs,
            data,
            place.socketDirectory(generation),
            place.generation(generation).resolve("backup.log"),
            following.following(),
            Map.of(),
            reach);
    LOG.info("source {}: a base backup of {} begins", name, production.describe());
    long began = System.nanoTime();
    new BaseBackup(servers, spec, begun.tablespaces(), settings.rateLimit(), settings.slot())
        .run(listener);
    LOG.info("source {}: base backup made in {} ms", name, (System.nanoTime() - began) / 1_000_000);
    PgControl control = PgControl.read(data);
    if (control.systemIdentifier() != begun.passed().systemIdentifier()) {
      throw otherCluster(
          production, begun.passed().systemIdentifier(), control.systemIdentifier(), place);
    }
    // Production may be a standby itself.
    Files.deleteIfExists(data.resolve("standby.signal"));
    try (Directory tree = Directory.open(data)) {
      tree.createFile("standby.signal").close();
    }
    servers.give(data.resolve("standby.signal"));
    servers.configure(data, new ServerConfiguration(true, FollowSettings.sizes(control)));
    FileSystemSync.sync(data);
    ReplicaRecord record =
        new ReplicaRecord(
            generation,
            control.systemIdentifier(),
            control.timeline(),
            begun.passed().superuser(),
            begun.facts(),
            begun.dataTime(),
            Instant.now(),
            null);
    Replica replica = Replica.unpublished(place, servers, programs, following, reach, record);
    try {
      replica.start();
    } catch (ServerException e) {
      throw notStarted(e, "A base backup is begun anew.");
    }
    return replica;
  }

  static SourceException notStarted(ServerException cause, String hint) {
    String tail = cause.logTail();
    return new SourceException(
        Kind.COPY,
        "the standby does not start",
        tail.isBlank() ? cause.getMessage() : cause.getMessage() + "\n" + tail,
        hint,
        cause);
  }

  /** An interrupt must keep nothing here. */
  private void discard(String generation) {
    boolean interrupted = Thread.interrupted();
    try {
      place.discard(generation, pool, servers);
      Slot slot = new Slot(place.slot());
      if (slot.current().isPresent() && !place.record().exists()) {
        try (Connection connection = production.connect(ANSWER)) {
          slot.drop(connection);
        }
      }
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (IOException | SQLException | SourceException | RuntimeException e) {
      LOG.warn("source {}: what is left of a base backup is removed later: {}", name, e.toString());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static long systemIdentifier(Connection production) throws SQLException {
    return Long.parseUnsignedLong(
        Rows.text(production, "SELECT system_identifier FROM pg_control_system()"));
  }

  /** Somebody has put another cluster where production was. */
  static SourceException otherCluster(
      Production production, long expected, long found, ReplicaPlace place) {
    return new SourceException(
        Kind.OTHER_SERVER,
        "another cluster answers at %s".formatted(production.describe()),
        "Its system identifier is %s; the replica is of %s."
            .formatted(Long.toUnsignedString(found), Long.toUnsignedString(expected)),
        "Correct url of the source. If production was really replaced, stop the daemon, remove %s,"
                .formatted(place.directory())
            + " and start it again.");
  }
}
