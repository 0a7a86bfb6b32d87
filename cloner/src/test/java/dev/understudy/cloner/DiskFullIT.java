package dev.understudy.cloner;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.alarm.HostTime;
import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.environment.CreateFrom;
import dev.understudy.cloner.environment.EnvironmentRequest;
import dev.understudy.cloner.environment.EnvironmentSession;
import dev.understudy.cloner.environment.EnvironmentUnavailable;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.snapshot.SnapshotException;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Fidelity;
import dev.understudy.config.Limits;
import dev.understudy.config.Listen;
import dev.understudy.config.MinFree;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.Settings;
import dev.understudy.config.SnapshotPolicy;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType;
import dev.understudy.embedded.EmbeddedPostgres;
import dev.understudy.embedded.ServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The disk becomes full at every step: it is said, nothing is lost, and all goes on with room. */
@Timeout(300)
final class DiskFullIT {
  /** A refresh that met a server just ending looks again a minute later. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private static final List<Step> STEPS =
      List.of(
          Step.CLONE_RECORDED,
          Step.TREE_COPIED,
          Step.CLONE_CONFIGURED,
          Step.CLONE_SYNCED,
          Step.SERVER_RECORDED,
          Step.SERVER_STARTED);

  private static final List<Step> STEPS_IN_SHORT = List.of(Step.TREE_COPIED, Step.SERVER_RECORDED);

  private @Nullable LoopFileSystem disk;
  private volatile @Nullable Step fillAt;
  private volatile boolean fillDuringCopy;

  @ParameterizedTest
  @ValueSource(strings = {"btrfs", "xfs"})
  void itIsSaidAndNothingIsLost(String type) throws Exception {
    Path parent = Files.createTempDirectory("understudy-test");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (LoopFileSystem mounted = LoopFileSystem.mount(type, 900);
        EmbeddedPostgres production =
            EmbeddedPostgres.create(
                parent.resolve("production"), ServerOptions.of(Workbench.embedded()))) {
      disk = mounted;
      execute(production, "CREATE TABLE t AS SELECT 1 AS i");
      try (Cloner cloner =
          Cloner.open(
              settings(mounted.directory().resolve("d"), production.dataDirectory()),
              source -> (files, bytes, total) -> copied(files),
              this::reached,
              HostTime.SYSTEM)) {
        try {
          EnvironmentSession kept = open(cloner, "pr-kept");
          write(kept, "INSERT INTO t VALUES (7)");
          open(cloner, "staging").close();

          creations(cloner);
          wake(cloner);
          branch(cloner);
          move(cloner, cloner::reset);
          move(cloner, cloner::refresh);
          snapshots(cloner, production);
          refresh(cloner, production);

          assertThat(sum(cloner, "pr-kept")).isEqualTo(8);
          kept.close();
          for (var status : cloner.environments()) {
            cloner.drop(status.name()).get(60, TimeUnit.SECONDS);
          }
          await(() -> count(mounted, "clones") == 0);
        } finally {
          makeRoom();
          cloner.shutdown();
        }
      }
    }
    Files.delete(parent);
  }

  private void creations(Cloner cloner) throws Exception {
    for (String pattern : List.of("pr-", "safe-")) {
      for (Step step : pattern.equals("pr-") ? STEPS_IN_SHORT : STEPS) {
        String name = pattern + step.name().toLowerCase(Locale.ROOT);
        fillAt = step;
        attempt(cloner, name);
        makeRoom();
        assertThat(sum(cloner, name)).as(name).isEqualTo(1);
        assertThat(cloner.drop(name).get(60, TimeUnit.SECONDS)).isTrue();
        await(() -> count(mounted(), "clones") == cloner.environments().size());
      }
    }
  }

  private void wake(Cloner cloner) throws Exception {
    EnvironmentSession session = open(cloner, "pr-kept");
    session.close();
    assertThat(cloner.suspend("pr-kept", true).get(60, TimeUnit.SECONDS)).isTrue();
    fill();
    attempt(cloner, "pr-kept");
    makeRoom();
    assertThat(sum(cloner, "pr-kept")).isEqualTo(8);
  }

  /** The one that is branched stood still meanwhile, and goes on. */
  private void branch(Cloner cloner) throws Exception {
    for (Step step : List.of(Step.PARENT_FROZEN, Step.SERVER_RECORDED)) {
      fillAt = step;
      boolean made = isDone("branch at " + step, branchOfKept(cloner));
      assertThat(fillAt).as("reached").isNull();
      makeRoom();
      assertThat(sum(cloner, "pr-kept")).isEqualTo(8);
      if (!made) {
        branchOfKept(cloner).get(60, TimeUnit.SECONDS);
      }
      assertThat(sum(cloner, "pr-branch")).isEqualTo(8);
      assertThat(cloner.drop("pr-branch").get(60, TimeUnit.SECONDS)).isTrue();
      await(() -> count(mounted(), "clones") == cloner.environments().size());
    }
  }

  private static CompletableFuture<EnvironmentRecord> branchOfKept(Cloner cloner) {
    return cloner.create("pr-branch", new CreateFrom.Environment("pr-kept"), false, null);
  }

  /** By hand, to what is in service, when all has been copied. */
  private void move(
      Cloner cloner, BiFunction<String, Boolean, CompletableFuture<EnvironmentRecord>> operation)
      throws Exception {
    String name = "pr-moved";
    try (EnvironmentSession session = open(cloner, name)) {
      write(session, "INSERT INTO t VALUES (7)");
    }
    fillAt = Step.SERVER_RECORDED;
    boolean moved = isDone("move", operation.apply(name, true));
    assertThat(fillAt).as("reached").isNull();
    makeRoom();
    assertThat(sum(cloner, name)).isEqualTo(moved ? 1 : 8);
    operation.apply(name, true).get(60, TimeUnit.SECONDS);
    assertThat(sum(cloner, name)).isEqualTo(1);
  }

  private void snapshots(Cloner cloner, EmbeddedPostgres production) throws Exception {
    execute(production, "INSERT INTO t VALUES (100)");
    Snapshot before = cloner.snapshots().getFirst();
    fill();
    assertFull(cloner.cutSnapshot("prod"));
    makeRoom();
    fillDuringCopy = true;
    assertFull(cloner.cutSnapshot("prod"));
    makeRoom();
    assertThat(cloner.snapshots()).containsExactly(before);
    assertThat(count(mounted(), "snapshots")).isEqualTo(1);
  }

  private void refresh(Cloner cloner, EmbeddedPostgres production) throws Exception {
    execute(production, "INSERT INTO t VALUES (1000)");
    fillAt = Step.TREE_COPIED; // of the clone that staging is to move to
    cloner.cutSnapshot("prod").get(60, TimeUnit.SECONDS);
    await(() -> fillAt == null);
    makeRoom();
    assertThat(sum(cloner, "staging")).isIn(1L, 1101L);

    execute(production, "INSERT INTO t VALUES (10000)");
    Snapshot newest = cloner.cutSnapshot("prod").get(60, TimeUnit.SECONDS);
    await(() -> newest.dataTime().equals(dataTime(cloner)));
    assertThat(sum(cloner, "staging")).isEqualTo(11101);
  }

  private static @Nullable Instant dataTime(Cloner cloner) {
    return cloner.environments().stream()
        .filter(status -> status.name().equals("staging"))
        .findFirst()
        .orElseThrow()
        .dataTime();
  }

  private static void assertFull(CompletableFuture<Snapshot> snapshot) throws Exception {
    try {
      snapshot.get(60, TimeUnit.SECONDS);
      throw new AssertionError("there was room");
    } catch (ExecutionException e) {
      SnapshotException failure = (SnapshotException) requireNonNull(e.getCause());
      assertThat(failure.kind())
          .as(failure.getMessage() + ": " + failure.detail())
          .isEqualTo(SnapshotException.Kind.SPACE);
      assertThat(failure.hint()).contains("Enlarge");
    }
  }

  private static void attempt(Cloner cloner, String name) throws Exception {
    CompletableFuture<EnvironmentSession> session =
        cloner.open(new EnvironmentRequest(name, "postgres"));
    if (isDone(name, session)) {
      session.get().close();
    }
  }

  /** A file system keeps something for itself, so that a small thing may succeed. */
  private static boolean isDone(String what, CompletableFuture<?> asked) throws Exception {
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

  private void reached(Step step) {
    if (step == fillAt) {
      fill();
      fillAt = null;
    }
  }

  private void copied(long files) {
    if (fillDuringCopy && files > 100) {
      fillDuringCopy = false;
      fill();
    }
  }

  private LoopFileSystem mounted() {
    return requireNonNull(disk, "nothing is mounted");
  }

  private void fill() {
    try {
      mounted().fill();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void makeRoom() throws IOException {
    fillAt = null;
    mounted().makeRoom();
  }

  private static Settings settings(Path directory, Path production) throws IOException {
    return new Settings(
        directory,
        Settings.Isolation.REQUIRED,
        null,
        new Listen("127.0.0.1", 0, 10, Duration.ofSeconds(10), Duration.ofSeconds(60)),
        List.of(Settings.CredentialSource.PRODUCTION),
        false,
        Map.of(),
        ZoneOffset.UTC,
        Map.of(
            "prod",
            new Source(
                "prod",
                new SourceType.Directory(production, null, false),
                SnapshotPolicy.ONCE,
                Fidelity.DEFAULT,
                null,
                0)),
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "postgres", Duration.ofDays(3)),
            new EnvironmentPolicy(new NamePattern("safe-*"), "prod", "postgres", null),
            new EnvironmentPolicy(new NamePattern("staging"), "prod", "postgres", null)
                .with(RefreshPolicy.AFTER_SNAPSHOT)),
        Limits.NONE,
        new MinFree.Size(0),
        Duration.ZERO,
        List.of(Workbench.embedded()));
  }

  private static EnvironmentSession open(Cloner cloner, String name) throws Exception {
    return cloner.open(new EnvironmentRequest(name, "postgres")).get(60, TimeUnit.SECONDS);
  }

  private static void execute(EmbeddedPostgres production, String sql) throws Exception {
    try (Connection connection = production.connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void write(EnvironmentSession session, String sql) throws Exception {
    try (Connection connection = Sql.connect(session.socket(), "postgres", "postgres", PATIENCE);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A server that lost a process as it could not write ends, and is started for who comes next. */
  private static long sum(Cloner cloner, String name) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (EnvironmentSession session = open(cloner, name)) {
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

  private static long count(LoopFileSystem disk, String part) throws IOException {
    try (var files = Files.list(disk.directory().resolve("d").resolve(part))) {
      return files.count();
    }
  }

  private static void await(Callable<Boolean> wanted) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!wanted.call()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(50);
    }
  }
}
