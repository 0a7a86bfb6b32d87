package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.config.ColumnName;
import dev.understudy.config.DatabaseMask;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Fidelity;
import dev.understudy.config.Hook;
import dev.understudy.config.Hooks;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.MaskPolicy;
import dev.understudy.config.MaskRule;
import dev.understudy.config.MinFree;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.Settings;
import dev.understudy.config.SnapshotPolicy;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.config.TableName;
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
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A production whose table {@code t} has one row, 1, and a daemon on a disk that becomes full. */
final class DiskFullStage implements AutoCloseable {
  /** What the hook of some environments writes into {@code t}. */
  static final int SEED = 50;

  /** A refresh that met a server just ending looks again a minute later. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private static final Duration UNDROP_WINDOW = Duration.ofHours(1);

  private static final List<String> MASKED = List.of("customer", "supplier");

  private final String fileSystem;
  private final Path parent;
  private final EmbeddedPostgres production;
  private final FullDisk disk;
  private final Cloner cloner;

  private DiskFullStage(
      String fileSystem, Path parent, EmbeddedPostgres production, FullDisk disk, Cloner cloner) {
    this.fileSystem = fileSystem;
    this.parent = parent;
    this.production = production;
    this.disk = disk;
    this.cloner = cloner;
  }

  static DiskFullStage open(String type) throws Exception {
    Path parent = Files.createTempDirectory("understudy-test");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(parent.resolve("hook.sql"), "INSERT INTO t VALUES (%d)".formatted(SEED));
    FullDisk disk = FullDisk.mount(type);
    EmbeddedPostgres production = null;
    Cloner cloner = null;
    try {
      production =
          EmbeddedPostgres.create(
              parent.resolve("production"), ServerOptions.of(Workbench.embedded()));
      execute(production, "CREATE TABLE t AS SELECT 1 AS i");
      for (String table : MASKED) {
        execute(production, "CREATE TABLE " + table + " AS SELECT 'ann@shop.de' AS email");
      }
      cloner =
          Cloner.open(
              settings(disk.directory(), parent, 0, UNDROP_WINDOW),
              source -> disk.listener(MASKED.size()),
              disk::reached,
              disk.time());
      return new DiskFullStage(type, parent, production, disk, cloner);
    } finally {
      if (cloner == null) {
        if (production != null) {
          production.close();
        }
        disk.close();
      }
    }
  }

  /** Its type. */
  String fileSystem() {
    return fileSystem;
  }

  Cloner cloner() {
    return cloner;
  }

  FullDisk disk() {
    return disk;
  }

  /** In production. */
  void execute(String sql) throws Exception {
    execute(production, sql);
  }

  private static void execute(EmbeddedPostgres production, String sql) throws Exception {
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Looks for spares at once, as somebody has changed the settings. */
  void wantSpares(int count) throws Exception {
    cloner.prepare(settings(disk.directory(), parent, count, UNDROP_WINDOW)).run();
  }

  EnvironmentSession connect(String name) throws Exception {
    return cloner.open(new EnvironmentRequest(name, "postgres")).get(60, TimeUnit.SECONDS);
  }

  /** Connects, if that can be. */
  void attempt(String name) throws Exception {
    CompletableFuture<EnvironmentSession> session =
        cloner.open(new EnvironmentRequest(name, "postgres"));
    if (isDone(name, session)) {
      session.get().close();
    }
  }

  /** A file system keeps something for itself, so that a small thing may succeed. */
  static boolean isDone(String what, CompletableFuture<?> asked) throws Exception {
    try {
      asked.get(60, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      EnvironmentUnavailable refusal = (EnvironmentUnavailable) requireNonNull(e.getCause());
      assertThat(refusal.sqlState())
          .as(what + ": " + refusal.getMessage() + ": " + refusal.detail().orElse(""))
          .isEqualTo("53100");
      assertThat(refusal.hint().orElseThrow()).contains("enlarge");
      return false;
    }
  }

  /** For good; nobody wants spares. */
  void drop(String name) throws Exception {
    cloner.prepare(settings(disk.directory(), parent, 0, Duration.ZERO)).run();
    assertThat(cloner.drop(name).get(60, TimeUnit.SECONDS)).isTrue();
    cloner.prepare(settings(disk.directory(), parent, 0, UNDROP_WINDOW)).run();
    awaitRemovals();
  }

  /** By having it back, and dropping it for good. */
  void emptyTrash() throws Exception {
    while (!cloner.trash().isEmpty()) {
      String former = cloner.trash().getFirst().environment().name();
      cloner.undrop(former, "pr-former").get(60, TimeUnit.SECONDS);
      drop("pr-former");
    }
  }

  /** Until no clone is left but those of environments and of the trash. */
  void awaitRemovals() throws Exception {
    await(() -> disk.count("clones") == cloner.environments().size() + cloner.trash().size());
  }

  static void write(EnvironmentSession session, String sql) throws Exception {
    try (Connection connection = Sql.connect(session.socket(), "postgres", "postgres", PATIENCE);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Of all rows of {@code t}. A server that lost a process as it could not write ends, and is
   * started for who comes next.
   */
  long sum(String name) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (EnvironmentSession session = connect(name)) {
        return sum(session);
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }

  private static long sum(EnvironmentSession session) throws Exception {
    try (Connection connection = Sql.connect(session.socket(), "postgres", "postgres", PATIENCE);
        Statement statement = connection.createStatement();
        var row = statement.executeQuery("SELECT sum(i) FROM t")) {
      row.next();
      return row.getLong(1);
    }
  }

  static void await(Callable<Boolean> wanted) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!wanted.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private static Settings settings(Path directory, Path parent, int spares, Duration undropWindow)
      throws IOException {
    EnvironmentPolicy policy =
        new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "postgres", Duration.ofDays(3));
    Hook hook = new Hook.Script(parent.resolve("hook.sql"), null);
    return new Settings(
        directory,
        Settings.Isolation.REQUIRED,
        null,
        new Listen("127.0.0.1", 0, 10, Duration.ofSeconds(10), Duration.ofSeconds(60)),
        List.of(Settings.CredentialSource.PRODUCTION),
        false,
        Map.of(),
        ZoneOffset.UTC,
        Map.of("prod", source(parent.resolve("production/data"), spares)),
        List.of(
            policy,
            new EnvironmentPolicy(
                    new NamePattern("seeded-*"), "prod", "postgres", Duration.ofDays(3))
                .with(new Hooks(List.of(hook), Hooks.DEFAULT_TIMEOUT)),
            new EnvironmentPolicy(new NamePattern("safe-*"), "prod", "postgres", null),
            new EnvironmentPolicy(new NamePattern("staging"), "prod", "postgres", null)
                .with(RefreshPolicy.AFTER_SNAPSHOT)),
        Limits.NONE,
        new MinFree.Size(0),
        undropWindow,
        List.of(Workbench.embedded()));
  }

  private static Source source(Path production, int spares) {
    Map<ColumnName, MaskRule> rules = new HashMap<>();
    for (String table : MASKED) {
      rules.put(new ColumnName(new TableName("public", table), "email"), new MaskRule.Email());
    }
    return new Source(
        "prod",
        new SourceType.Directory(production, null, false),
        SnapshotPolicy.ONCE,
        Fidelity.DEFAULT,
        new MaskPolicy(
            null, true, Map.of("postgres", new DatabaseMask(rules, List.of(), null, List.of()))),
        spares);
  }

  /** All of it ends. */
  @Override
  public void close() throws IOException {
    disk.makeRoom();
    try {
      cloner.shutdown();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    production.close();
    disk.close();
    Files.delete(parent.resolve("hook.sql"));
    Files.delete(parent);
  }
}
