package dev.understudy.cloner.dump;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.FileTrouble;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.postgres.Clusters;
import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.Servers;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.Completion;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.LeftOut;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.cloner.source.MissingLibraries;
import dev.understudy.cloner.source.SourceCopy;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.source.SourceFailures;
import dev.understudy.cloner.source.WritePosition;
import dev.understudy.config.SourceType;
import dev.understudy.config.SourceType.Dump.OnError;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A production server of which only SQL is to be had. A copy is a cluster of our own, made as
 * production's was, with its roles, and with each of its databases dumped and restored: each of one
 * moment, but not all of the same one. Production feels a reader that holds its snapshot for as
 * long as the dump of a database takes; nothing is written there.
 */
public final class DumpSource implements Mirror {
  private static final int NAMED = 20;
  private static final Logger LOG = LoggerFactory.getLogger(DumpSource.class);

  private final String name;
  private final SourceType.Dump settings;
  private final Tooling tooling;

  /**
   * What a copy is made with.
   *
   * @param binaries by major version
   * @param run where servers have the directories of their sockets
   */
  public record Tooling(
      Pool pool,
      Servers servers,
      Clusters clusters,
      IntFunction<Optional<PostgresBinaries>> binaries,
      Path run) {
    public Tooling {
      requireNonNull(pool, "pool is null");
      requireNonNull(servers, "servers is null");
      requireNonNull(clusters, "clusters is null");
      requireNonNull(binaries, "binaries is null");
      requireNonNull(run, "run is null");
    }
  }

  public DumpSource(String name, SourceType.Dump settings, Tooling tooling) {
    this.name = requireNonNull(name, "name is null");
    this.settings = requireNonNull(settings, "settings is null");
    this.tooling = requireNonNull(tooling, "tooling is null");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String describe() {
    return "a dump of the server that url names";
  }

  @Override
  public Optional<String> position() throws SourceException, InterruptedException {
    Access access = new Access(Production.of(name, settings.url()));
    return Optional.of(access.ask(access.database(), WritePosition::of));
  }

  @Override
  public SourceCopy copyInto(Path tree, CopyListener listener)
      throws SourceException, InterruptedException {
    long began = System.nanoTime();
    Path work = tree.resolveSibling("work");
    try {
      Access access = new Access(Production.of(name, settings.url()));
      SourceCluster source = access.ask(access.database(), ClusterReader::read);
      Exclusions exclusions = new Exclusions(settings, source.roleNames());
      Preflight preflight = new Preflight(source, settings, exclusions);
      preflight.checkVersion();
      PostgresBinaries binaries =
          tooling
              .binaries()
              .apply(source.major())
              .orElseThrow(() -> SourceFailures.notInstalled(source.major()));
      Tools tools = Tools.of(binaries);
      List<SourceDatabase> databases = preflight.databases();
      access
          .ask(
              access.database(),
              connection ->
                  new MissingLibraries(binaries)
                      .warning(connection, library -> exclusions.isExtension(library, false)))
          .ifPresent(warning -> LOG.warn("source {}: {}", name, warning));
      preflight.checkRoom(databases, tooling.pool());
      Map<SourceDatabase, DatabaseContents> contents = new LinkedHashMap<>();
      for (SourceDatabase database : databases) {
        String inside = database.name();
        DatabaseContents read =
            access.ask(inside, connection -> DatabaseContents.read(connection, inside));
        preflight.checkPrivileges(read);
        contents.put(database, read);
      }
      FreshCluster.Place place = place(tree, binaries);
      String superuser = RoleCreation.superuser(source, exclusions);
      try (FreshCluster cluster = FreshCluster.make(place, source, superuser)) {
        ClusterFilling filling =
            new ClusterFilling(access, source, exclusions, settings, cluster, tools);
        Set<String> available = filling.available();
        for (DatabaseContents read : contents.values()) {
          preflight.checkExtensions(read, available);
        }
        RoleCreation roles = new RoleCreation(source, exclusions, superuser);
        filling.makeEmpty(databases, roles);
        Instant dataTime = access.ask(access.database(), DumpSource::now);
        DumpProgress progress = new DumpProgress(listener, databases);
        for (Map.Entry<SourceDatabase, DatabaseContents> database : contents.entrySet()) {
          Omissions omissions = Omissions.of(database.getValue(), exclusions, available);
          filling.fill(database.getKey(), omissions, roles, tooling.pool(), work, progress);
        }
        if (settings.onError() == OnError.BLOCK && !filling.failures().isEmpty()) {
          throw incomplete(filling.failures());
        }
        filling.finish(databases, roles);
        Map<String, String> carried = filling.workingSettings();
        cluster.stop();
        tooling.pool().delete(place.log());
        return new SourceCopy(
            PgControl.read(tree).systemIdentifier(),
            source.version(),
            superuser,
            new Completion.Nothing(),
            dataTime,
            carried,
            source.leftBehind().with(filling.leftOut()),
            source.position(),
            progress.files(),
            progress.bytes(),
            Duration.ofNanos(System.nanoTime() - began));
      }
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while dumping production");
      }
      throw new SourceException(
          Kind.COPY,
          "production cannot be dumped",
          String.valueOf(e.getMessage()),
          FileTrouble.hint(e),
          e);
    }
  }

  private FreshCluster.Place place(Path tree, PostgresBinaries binaries) {
    Path directory = requireNonNull(tree.getParent(), "a tree lies in a directory");
    Path sockets =
        tooling.run().resolve(requireNonNull(directory.getFileName(), "a directory has a name"));
    return new FreshCluster.Place(tooling.servers(), tooling.clusters(), binaries, tree, sockets);
  }

  /** Everything that was committed before is in what is dumped from now on. */
  private static Instant now(Connection connection) throws SQLException {
    return Rows.all(
            connection,
            "SELECT clock_timestamp()",
            row -> row.getObject(1, OffsetDateTime.class).toInstant())
        .getFirst();
  }

  private static SourceException incomplete(List<LeftOut> failures) {
    String named =
        failures.stream()
            .limit(NAMED)
            .map(failure ->
                "%s: %s: %s".formatted(failure.database(), failure.name(), failure.action()))
            .collect(Collectors.joining("\n"));
    String more = failures.size() > NAMED ? "\nand %d more".formatted(failures.size() - NAMED) : "";
    return new SourceException(
        Kind.COPY,
        "%d objects of production could not be restored".formatted(failures.size()),
        named + more,
        "Install here what they need, or mend them in production. With on-error = publish in the"
            + " settings of the source, snapshots are published without them.");
  }
}
