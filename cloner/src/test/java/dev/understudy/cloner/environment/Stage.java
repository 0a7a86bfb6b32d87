package dev.understudy.cloner.environment;

import dev.understudy.cloner.alarm.HostTime;
import dev.understudy.cloner.cgroup.ControlGroupProbe;
import dev.understudy.cloner.cgroup.GroupsWhenNeeded;
import dev.understudy.cloner.clone.CloneHost;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.SqlSettingsReload;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.hook.SandboxedHooks;
import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.BootId;
import dev.understudy.cloner.host.RunAs;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.postgres.PostgresInstallations;
import dev.understudy.cloner.postgres.SandboxedServers;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.sandbox.Bubblewrap;
import dev.understudy.cloner.sandbox.SandboxFiles;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Fidelity;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.MinFree;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Settings;
import dev.understudy.config.SnapshotPolicy;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Real servers on real clones of one small snapshot, in a daemon's directory. Closed and opened
 * again on the same directory, it is the next daemon.
 */
final class Stage implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final SandboxedServers servers;
  final Pool pool;
  final Clones clones;
  final EnvironmentService service;
  final Environments environments;

  private Stage(
      Path directory,
      List<EnvironmentPolicy> policies,
      Account account,
      Duration undropWindow,
      Map<String, Integer> spares,
      StepListener steps)
      throws Exception {
    this.directory = directory;
    PostgresInstallations installations = new PostgresInstallations(List.of(Workbench.embedded()));
    servers =
        new SandboxedServers(
            installations,
            new Bubblewrap(SandboxFiles.write(directory.resolve("sandbox"), account), true),
            account);
    GroupsWhenNeeded groups = new GroupsWhenNeeded(new ControlGroupProbe(directory));
    if (policies.stream().anyMatch(policy -> policy.resources().needsGroup())) {
      groups.need();
    }
    pool = PoolProbe.choose(directory).pool();
    clones =
        new Clones(
            new CloneHost(
                directory,
                pool,
                servers,
                groups,
                new SqlSettingsReload(),
                major -> find(installations, major),
                BootId.current(),
                InstantSource.system(),
                steps));
    Settings settings = settings(directory, policies, undropWindow, spares);
    service =
        EnvironmentService.of(
            directory,
            clones,
            SandboxedHooks.open(
                servers,
                major -> find(installations, major),
                groups,
                pool,
                directory.resolve("hooks")),
            source -> Optional.of(snapshot(directory)),
            () -> settings,
            HostTime.SYSTEM,
            steps);
    environments = service.environments();
  }

  private static Settings settings(
      Path directory,
      List<EnvironmentPolicy> policies,
      Duration undropWindow,
      Map<String, Integer> spares) {
    Map<String, Source> sources = new HashMap<>();
    spares.forEach((name, count) ->
        sources.put(
            name,
            new Source(
                name,
                new SourceType.Directory(directory, null, false),
                SnapshotPolicy.ONCE,
                Fidelity.DEFAULT,
                null,
                count)));
    return new Settings(
        directory,
        Settings.Isolation.REQUIRED,
        null,
        new Listen("127.0.0.1", 0, 10, Duration.ofSeconds(10), Duration.ofSeconds(60)),
        List.of(Settings.CredentialSource.PRODUCTION),
        false,
        Map.of(),
        ZoneOffset.UTC,
        sources,
        policies,
        Limits.NONE,
        MinFree.DEFAULT,
        undropWindow,
        List.of());
  }

  private static Optional<dev.understudy.cloner.postgres.PostgresBinaries> find(
      PostgresInstallations installations, int major) {
    try {
      return installations.find(major);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A daemon's directory with a snapshot in it. */
  static Path prepare(Path parent) throws Exception {
    Path directory = Files.createDirectories(parent.resolve("d"));
    for (String part : List.of("clones", "run", "environments", "trash", "snapshots/s1")) {
      Files.createDirectories(directory.resolve(part));
    }
    Path data = snapshot(directory).data();
    Pool pool = PoolProbe.choose(directory).pool();
    pool.create(data);
    try (EmbeddedPostgres production =
        EmbeddedPostgres.create(
            parent.resolve("production"), ServerOptions.of(Workbench.embedded()))) {
      try (Connection connection = production.connect("postgres", "postgres");
          Statement statement = connection.createStatement()) {
        statement.execute(
            "CREATE TABLE t AS SELECT i, md5(i::text) AS x FROM generate_series(1, 200000) i");
      }
      production.stop();
      LoopFileSystem.run("cp", "-a", production.dataDirectory() + "/.", data.toString());
    }
    pool.seal(data);
    return directory;
  }

  static Stage open(Path directory, Duration dropAfter, StepListener steps) throws Exception {
    return open(directory, dropAfter, Map.of(), steps);
  }

  static Stage open(
      Path directory, Duration dropAfter, Map<String, Integer> spares, StepListener steps)
      throws Exception {
    return open(directory, policies(dropAfter), Duration.ZERO, spares, steps);
  }

  /** One that keeps what is dropped or replaced for that long. */
  static Stage openWithTrash(Path directory, Duration undropWindow, StepListener steps)
      throws Exception {
    return open(directory, policies(Duration.ofDays(3)), undropWindow, Map.of(), steps);
  }

  static List<EnvironmentPolicy> policies(Duration dropAfter) {
    return List.of(
        new EnvironmentPolicy(new NamePattern("pr-*"), "prod", null, dropAfter),
        new EnvironmentPolicy(new NamePattern("staging"), "prod", null, null));
  }

  static Stage open(Path directory, List<EnvironmentPolicy> policies, StepListener steps)
      throws Exception {
    return open(directory, policies, Duration.ZERO, Map.of(), steps);
  }

  static Stage open(
      Path directory,
      List<EnvironmentPolicy> policies,
      Duration undropWindow,
      Map<String, Integer> spares,
      StepListener steps)
      throws Exception {
    Account account = RunAs.resolve(null, directory, Set.of());
    Stage stage = new Stage(directory, policies, account, undropWindow, spares, steps);
    stage.service.restore();
    stage.service.beginIdling();
    return stage;
  }

  static Stage open(Path directory) throws Exception {
    return open(directory, Duration.ofDays(3), StepListener.NONE);
  }

  private static Snapshot snapshot(Path directory) {
    return new Snapshot(
        "s1",
        directory.resolve("snapshots/s1"),
        "prod",
        Instant.EPOCH,
        Instant.EPOCH,
        180_000,
        "postgres",
        40L << 20,
        1000,
        List.of(new Snapshot.Database("postgres", "postgres", true, false)),
        List.of(),
        Map.of(),
        List.of(),
        null,
        null,
        null);
  }

  EnvironmentSession session(String name) throws Exception {
    return environments
        .open(new EnvironmentRequest(name, "postgres"))
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  static Connection connect(EnvironmentSession session) throws SQLException {
    return Sql.connect(session.socket(), "postgres", "postgres", PATIENCE);
  }

  static void execute(EnvironmentSession session, String sql) throws SQLException {
    try (Connection connection = connect(session);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      session.activity();
    }
  }

  static String text(EnvironmentSession session, String sql) throws SQLException {
    try (Connection connection = connect(session);
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  static long query(EnvironmentSession session, String sql) throws SQLException {
    try (Connection connection = connect(session);
        Statement statement = connection.createStatement();
        var row = statement.executeQuery(sql)) {
      session.activity();
      row.next();
      return row.getLong(1);
    }
  }

  List<Path> files(String part) throws IOException {
    try (var files = Files.list(directory.resolve(part))) {
      return files.sorted().toList();
    }
  }

  int killAll() {
    return servers.killAllBelow(directory.resolve("clones"));
  }

  /** The daemon ends; its servers run on. */
  @Override
  public void close() throws IOException {
    service.close();
    clones.close();
    servers.close();
  }

  /** Nothing is left. */
  static void destroy(Path directory) throws Exception {
    try (Stage last = open(directory)) {
      last.service.close();
      last.killAll();
      for (Path clone : last.files("clones")) {
        last.pool.delete(clone.resolve("data"));
      }
      last.pool.delete(snapshot(directory).data());
    }
  }
}
