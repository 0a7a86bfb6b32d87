package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.SourceSteps;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.ServerConfiguration;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.Recipe;
import dev.understudy.cloner.snapshot.RoomMaker;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.SnapshotCutter;
import dev.understudy.cloner.snapshot.SnapshotStore;
import dev.understudy.cloner.source.ConnectionUrl;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.Fidelity;
import dev.understudy.config.Secret;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Production, and a daemon's directory with a pool. */
final class StandbyStage implements AutoCloseable {
  /** As the distribution has it, with all programs; another version by system property. */
  static final int MAJOR = Integer.getInteger("understudy.standby.major", 15);

  /** Part of the password that looks the same in every notation. */
  static final String MARK = "4711geheim";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final Path parent;
  private final TcpProduction production;
  private final Workbench workbench;
  private final Pool pool;
  private final SnapshotStore store;
  private int clones;

  private StandbyStage(
      Path parent, TcpProduction production, Workbench workbench, Pool pool, SnapshotStore store) {
    this.parent = parent;
    this.production = production;
    this.workbench = workbench;
    this.pool = pool;
    this.store = store;
  }

  static StandbyStage open(Map<String, String> settings) throws Exception {
    Path home = Workbench.homeWithPrograms(MAJOR);
    Path parent = Files.createTempDirectory("und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    TcpProduction production = TcpProduction.start(parent, home, settings);
    Workbench workbench = Workbench.make(parent, home, "bubblewrap");
    for (String part : List.of(ReplicaPlace.REPLICAS, ReplicaPlace.SOCKETS)) {
      Files.createDirectory(workbench.directory().resolve(part));
    }
    Pool pool = PoolProbe.choose(workbench.directory()).pool();
    return new StandbyStage(
        parent,
        production,
        workbench,
        pool,
        SnapshotStore.open(workbench.directory(), pool, workbench.servers()));
  }

  TcpProduction production() {
    return production;
  }

  Workbench workbench() {
    return workbench;
  }

  Pool pool() {
    return pool;
  }

  Path replicas() {
    return workbench.directory().resolve(ReplicaPlace.REPLICAS);
  }

  SnapshotStore store() {
    return store;
  }

  StandbySource source() throws Exception {
    return source(new SourceType.Standby(production.url()));
  }

  StandbySource source(SourceType.Standby settings) throws Exception {
    return source(settings, this::binaries, pool);
  }

  /** Of a daemon that will be dead before it can clear away anything. */
  StandbySource sourceOfADeadDaemon(SourceType.Standby settings) throws Exception {
    return source(settings, this::binaries, new NeglectfulPool(pool));
  }

  StandbySource source(IntFunction<Optional<PostgresBinaries>> binaries) throws Exception {
    return source(new SourceType.Standby(production.url()), binaries, pool);
  }

  StandbySource source(String name, Secret url) throws Exception {
    return StandbySource.open(
        name,
        new SourceType.Standby(url),
        workbench.directory(),
        pool,
        workbench.servers(),
        this::binaries,
        CopyListener::silent);
  }

  private StandbySource source(
      SourceType.Standby settings, IntFunction<Optional<PostgresBinaries>> binaries, Pool itsPool)
      throws Exception {
    return StandbySource.open(
        "prod",
        settings,
        workbench.directory(),
        itsPool,
        workbench.servers(),
        binaries,
        CopyListener::silent);
  }

  Production productionAsSeen() {
    return new Production(ConnectionUrl.parse(production.url()), "understudy");
  }

  /** Why there is no copy. */
  SourceException failure(StandbySource source) throws Exception {
    Path tree = workbench.directory().resolve("nothing");
    SourceException failure =
        catchThrowableOfType(
            SourceException.class, () -> source.copyInto(tree, CopyListener.silent()));
    assertThat(failure).isNotNull();
    assertThat(tree).doesNotExist();
    assertThat(failure + " " + failure.detail() + failure.hint()).doesNotContain(MARK);
    return failure;
  }

  /** As if the source were in the settings no more. */
  void removeReplicas() throws Exception {
    new ReplicaSweep(workbench.directory(), pool, workbench.servers()).run(Set.of());
    assertThat(replicas()).isEmptyDirectory();
  }

  private Optional<PostgresBinaries> binaries(int major) {
    return Optional.of(workbench.binaries()).filter(found -> found.major() == major);
  }

  Snapshot cut(StandbySource source, PreparationStep... steps) throws Exception {
    return new SnapshotCutter(
            store,
            pool,
            workbench.servers(),
            this::binaries,
            name -> new Recipe(SourceSteps.of(List.of(steps), Fidelity.DEFAULT), null),
            RoomMaker.NONE,
            InstantSource.system())
        .cut(source, CopyListener.silent());
  }

  /** A server on a copy of the snapshot, as a clone's. */
  RunningServer startClone(Snapshot snapshot) throws Exception {
    String id = "test" + clones++;
    Path clone = Files.createDirectories(workbench.directory().resolve("clones").resolve(id));
    pool.copy(snapshot.data(), clone.resolve("data"));
    workbench
        .servers()
        .configure(clone.resolve("data"), new ServerConfiguration(false, snapshot.settings()));
    return workbench
        .servers()
        .start(
            new ServerSpec(
                workbench.binaries(),
                clone.resolve("data"),
                workbench.directory().resolve("run").resolve(id),
                parent.resolve("clone.log"),
                Map.of()),
            identity -> {},
            Duration.ofSeconds(60));
  }

  /** Asks a clone of the snapshot. */
  long ask(Snapshot snapshot, String database, String query) throws Exception {
    return ask(snapshot, database, List.of(query)).getFirst();
  }

  /** Asks one clone of the snapshot. */
  List<Long> ask(Snapshot snapshot, String database, List<String> queries) throws Exception {
    RunningServer clone = startClone(snapshot);
    try (Connection connection =
        Sql.connect(clone.socket(), database, "postgres", Duration.ofSeconds(20))) {
      List<Long> answers = new ArrayList<>();
      for (String query : queries) {
        answers.add(Rows.number(connection, query));
      }
      return answers;
    } finally {
      clone.kill();
    }
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Override
  public void close() throws IOException {
    workbench.servers().killAllBelow(replicas());
    workbench.close();
    production.close();
    for (Snapshot snapshot : store.all()) {
      store.delete(snapshot);
    }
    DirectoryTree.delete(parent);
  }
}
