package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.SourceSteps;
import dev.understudy.cloner.dump.DumpSource;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.ServerConfiguration;
import dev.understudy.cloner.postgres.ServerSpec;
import dev.understudy.cloner.postgres.Servers;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.DirectorySource;
import dev.understudy.cloner.source.Mirror;
import dev.understudy.config.Fidelity;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A production server and a daemon's directory beside it, to cut snapshots in. */
final class Stage implements AutoCloseable {
  private final Path parent;
  private final EmbeddedPostgres production;
  private final Workbench workbench;
  private final Pool pool;
  private final SnapshotStore store;
  private InstantSource clock = InstantSource.system();
  private List<PreparationStep> changes = List.of();
  private Fidelity fidelity = Fidelity.DEFAULT;

  private Stage(
      Path parent,
      EmbeddedPostgres production,
      Workbench workbench,
      Pool pool,
      SnapshotStore store) {
    this.parent = parent;
    this.production = production;
    this.workbench = workbench;
    this.pool = pool;
    this.store = store;
  }

  static Path home(int major) throws IOException {
    return Workbench.home(major);
  }

  static Stage open(Path parent, int major, Map<String, String> settings) throws Exception {
    return open(parent, ServerOptions.of(home(major)).withSettings(settings));
  }

  static Stage open(Path parent, ServerOptions options) throws Exception {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path home = options.home();
    EmbeddedPostgres production = EmbeddedPostgres.create(parent.resolve("production"), options);
    Workbench workbench = Workbench.make(parent, home, "bubblewrap");
    Pool pool = PoolProbe.choose(workbench.directory()).pool();
    return new Stage(
        parent,
        production,
        workbench,
        pool,
        SnapshotStore.open(workbench.directory(), pool, workbench.servers()));
  }

  EmbeddedPostgres production() {
    return production;
  }

  Path snapshots() {
    return workbench.directory().resolve("snapshots");
  }

  SnapshotStore store() {
    return store;
  }

  Pool pool() {
    return pool;
  }

  Servers servers() {
    return workbench.servers();
  }

  Workbench workbench() {
    return workbench;
  }

  Source source() {
    return new Source("prod", new SourceType.Directory(production.dataDirectory(), null, false));
  }

  Mirror mirror() {
    return mirror(source());
  }

  Mirror mirror(Source source) {
    return mirror(source, pool);
  }

  /** With the room of another pool. */
  Mirror mirror(Source source, Pool otherPool) {
    return switch (source.type()) {
      case SourceType.Directory directory ->
          new DirectorySource(source.name(), directory, otherPool, this::binaries);
      case SourceType.Standby _ -> throw new IllegalArgumentException("has a stage of its own");
      case SourceType.Dump dump ->
          new DumpSource(
              source.name(),
              dump,
              new DumpSource.Tooling(
                  otherPool,
                  workbench.servers(),
                  workbench.servers(),
                  this::binaries,
                  workbench.directory().resolve("run")));
    };
  }

  Optional<PostgresBinaries> binaries(int major) {
    return Optional.of(workbench.binaries()).filter(found -> found.major() == major);
  }

  SnapshotCutter cutter() {
    return cutter(pool, store);
  }

  SnapshotCutter cutter(Pool otherPool, SnapshotStore otherStore) {
    return new SnapshotCutter(
        otherStore,
        otherPool,
        workbench.servers(),
        this::binaries,
        source -> new Recipe(SourceSteps.of(changes, fidelity), null),
        RoomMaker.NONE,
        clock);
  }

  /** By which snapshots are cut, by cutters from now on. */
  void setClock(InstantSource other) {
    clock = other;
  }

  /** What the source's settings ask for, from now on. */
  void prepareBy(PreparationStep... asked) {
    changes = List.of(asked);
  }

  void keep(Fidelity asked) {
    fidelity = asked;
  }

  Path log() {
    return parent.resolve("clone.log");
  }

  /** A server on a copy of the snapshot, as a clone's. */
  RunningServer startClone(Snapshot snapshot) throws Exception {
    return startClone(snapshot, "test");
  }

  RunningServer startClone(Snapshot snapshot, String id) throws Exception {
    Path data = data(id);
    Files.createDirectories(requireNonNull(data.getParent()));
    pool.copy(snapshot.data(), data);
    servers().configure(data, new ServerConfiguration(false, snapshot.settings()));
    return start(id);
  }

  /** Once more, on the data of before. */
  RunningServer start(String id) throws Exception {
    return start(id, Map.of());
  }

  RunningServer start(String id, Map<String, String> critical) throws Exception {
    return servers()
        .start(
            new ServerSpec(
                workbench.binaries(),
                data(id),
                workbench.directory().resolve("run").resolve(id),
                log(),
                critical),
            identity -> {},
            Duration.ofSeconds(60));
  }

  Path data(String id) {
    return workbench.directory().resolve("clones").resolve(id).resolve("data");
  }

  /** An empty directory of production's user's, to be the location of a tablespace. */
  Path place(Path directory) throws IOException {
    Files.createDirectory(directory);
    if (Accounts.isRoot()) {
      Object owner = Files.getAttribute(production.dataDirectory(), "unix:uid");
      Files.setAttribute(directory, "unix:uid", owner);
    }
    return directory;
  }

  void execute(String statements) throws SQLException {
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    }
  }

  SnapshotException failure(Source source, CopyListener listener) {
    return catchThrowableOfType(
        SnapshotException.class, () -> cutter().cut(mirror(source), listener));
  }

  void slotsAreFree() throws SQLException {
    try (Connection connection = production.connect("postgres", "postgres")) {
      long deadline = System.nanoTime() + 10_000_000_000L;
      while (Bank.number(connection, "SELECT count(*) FROM pg_replication_slots") > 0) {
        assertThat(System.nanoTime()).as("the slot is still there").isLessThan(deadline);
      }
    }
  }

  void nothingIsLeft() {
    assertThat(snapshots()).isEmptyDirectory();
    assertThat(workbench.directory().resolve("run")).isEmptyDirectory();
    assertThat(servers().killAllBelow(snapshots())).isZero();
  }

  @Override
  public void close() throws IOException {
    workbench.close();
    production.close();
    for (Snapshot snapshot : store.all()) {
      store.delete(snapshot);
    }
    Path clones = workbench.directory().resolve("clones");
    if (Files.isDirectory(clones)) {
      try (Stream<Path> each = Files.list(clones)) {
        for (Path clone : each.toList()) {
          pool.delete(clone.resolve("data"));
        }
      }
    }
  }
}
