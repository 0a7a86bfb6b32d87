package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.cloner.cgroup.ControlGroupProbe;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.config.Access;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Hook;
import dev.understudy.config.Hooks;
import dev.understudy.config.NamePattern;
import dev.understudy.config.Resources;
import dev.understudy.embedded.DirectoryTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What clones may take and do, and what hooks do before, on real servers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ConfinedIT {
  private static final Resources SMALL = new Resources(192L << 20, 100, 48, null, null);

  /** Counts for three seconds. */
  private static final String WORK =
      """
      CREATE FUNCTION work() RETURNS int8 LANGUAGE plpgsql AS $$
      DECLARE n int8 := 0; until timestamptz := clock_timestamp() + interval '3 s';
      BEGIN
        WHILE clock_timestamp() < until LOOP n := n + 1; END LOOP;
        RETURN n;
      END $$
      """;

  private @Nullable Path parent;
  private Path directory = Path.of("");
  private Path files = Path.of("");
  private @Nullable Stage stage;

  @BeforeAll
  void prepare() throws Exception {
    parent = Files.createTempDirectory(Path.of("/tmp"), "und");
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
    directory = Stage.prepare(parent);
    files = Files.createDirectory(parent.resolve("files"));
  }

  @AfterEach
  void dropAll() throws Exception {
    Stage last = stage;
    stage = null;
    if (last != null) {
      for (EnvironmentStatus status : last.environments.list()) {
        last.environments.drop(status.name()).get(60, TimeUnit.SECONDS);
      }
      assertThat(last.clones.awaitRemovals(Stage.PATIENCE)).isTrue();
      last.close();
      assertThat(last.files("hooks")).isEmpty();
    }
  }

  @AfterAll
  void destroy() throws Exception {
    if (parent != null) {
      Stage.destroy(directory);
      if (Accounts.isRoot()) {
        new ControlGroupProbe(directory).forget();
      }
      DirectoryTree.delete(parent);
    }
  }

  private Stage open(EnvironmentPolicy... policies) throws Exception {
    Stage opened = Stage.open(directory, List.of(policies), StepListener.NONE);
    stage = opened;
    return opened;
  }

  private static EnvironmentPolicy policy(String pattern) {
    return new EnvironmentPolicy(new NamePattern(pattern), "prod", null, Duration.ofDays(3));
  }

  private static void requireGroups() {
    assumeThat(Accounts.isRoot()).as("control groups are for root here").isTrue();
  }

  @Test
  void aCloneThatRunsOutOfMemoryHurtsNoOther() throws Exception {
    requireGroups();
    Stage daemon = open(policy("small-*").with(SMALL), policy("other"));
    EnvironmentSession small = daemon.session("small-1");
    EnvironmentSession other = daemon.session("other");
    Stage.execute(small, "CREATE TABLE mine AS SELECT 1");
    long others = Stage.query(other, "SELECT extract(epoch FROM pg_postmaster_start_time())::int8");

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> Stage.query(small, "SELECT length(repeat('x', 900000000))"));

    assertThat(queryRecovered(daemon, "SELECT count(*) FROM mine")).isEqualTo(1);
    assertThat(Stage.query(other, "SELECT extract(epoch FROM pg_postmaster_start_time())::int8"))
        .isEqualTo(others);
    assertThat(Stage.query(other, "SELECT length(repeat('x', 500000000))")).isEqualTo(500_000_000);
  }

  /** PostgreSQL recovers by itself from the loss of a process, and refuses meanwhile. */
  private static long queryRecovered(Stage daemon, String sql) throws Exception {
    long deadline = System.nanoTime() + Stage.PATIENCE.toNanos();
    while (true) {
      try {
        return Stage.query(daemon.session("small-1"), sql);
      } catch (SQLException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(50);
      }
    }
  }

  @Test
  void aForkBombStaysInItsClone() throws Exception {
    requireGroups();
    Stage daemon = open(policy("small-*").with(SMALL), policy("other"));
    EnvironmentSession small = daemon.session("small-1");
    EnvironmentSession other = daemon.session("other");
    String bomb =
        "COPY (SELECT 1) TO PROGRAM"
            + " 'for i in $(seq %d); do sleep 30 >/dev/null 2>&1 & done; true'";

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> Stage.execute(small, bomb.formatted(100)));
    Stage.execute(other, bomb.formatted(100));

    assertThat(Stage.query(other, "SELECT 1")).isEqualTo(1);
  }

  @Test
  void aHeavierCloneGetsMoreOfTheProcessors() throws Exception {
    requireGroups();
    Stage daemon =
        open(
            policy("light").with(new Resources(null, 50, null, null, null)),
            policy("heavy").with(new Resources(null, 800, null, null, null)));
    EnvironmentSession light = daemon.session("light");
    EnvironmentSession heavy = daemon.session("heavy");
    int sessions = Runtime.getRuntime().availableProcessors();

    Stage.execute(light, WORK);
    Stage.execute(heavy, WORK);
    List<CompletableFuture<Long>> heavyWork = work(heavy, sessions);
    List<CompletableFuture<Long>> lightWork = work(light, sessions);

    // One with the same weight would get about as much.
    assertThat(sum(heavyWork)).isGreaterThan(3 * sum(lightWork));
  }

  private static List<CompletableFuture<Long>> work(EnvironmentSession session, int times) {
    return IntStream.range(0, times)
        .mapToObj(i ->
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return Stage.query(session, "SELECT work()");
                  } catch (SQLException e) {
                    throw new AssertionError(e);
                  }
                },
                task -> new Thread(task).start()))
        .toList();
  }

  private static long sum(List<CompletableFuture<Long>> work) {
    return work.stream().mapToLong(CompletableFuture::join).sum();
  }

  @Test
  void adoptedServersKeepTheirLimitsAndGroupsGoWithTheClone() throws Exception {
    requireGroups();
    EnvironmentPolicy policy = policy("small-*").with(SMALL);
    Stage first = open(policy);
    EnvironmentSession session = first.session("small-1");
    long pid =
        first.environments.target("small-1").orElseThrow().server().orElseThrow().identity().pid();
    String group = Files.readString(Path.of("/proc/" + pid + "/cgroup"));
    String id = first.environments.target("small-1").orElseThrow().id();
    assertThat(group).contains("/" + id);
    first.close();

    Stage second = open(policy);

    assertThat(second.session("small-1").socket()).isEqualTo(session.socket());
    assertThat(Files.readString(Path.of("/proc/" + pid + "/cgroup"))).isEqualTo(group);
    second.environments.drop("small-1").get(60, TimeUnit.SECONDS);
    try (var left = Files.find(Path.of("/sys/fs/cgroup"), 8, (path, a) -> path.endsWith(id))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void nobodyWritesToWhatIsReadOnly() throws Exception {
    Path seed =
        Files.writeString(files.resolve("seed.sql"), "CREATE TABLE seeded AS SELECT 7 AS x;");
    Stage daemon =
        open(
            policy("ro")
                .with(Access.READ_ONLY)
                .with(new Resources(null, null, null, 1L << 20, null))
                .with(hooks(new Hook.Script(seed, null))));
    EnvironmentSession session = daemon.session("ro");

    assertThat(Stage.query(session, "SELECT x FROM seeded")).isEqualTo(7);
    for (String sql :
        List.of(
            "CREATE TABLE u (i int)",
            "SET default_transaction_read_only = off; DELETE FROM t",
            "SET transaction_read_only = off; DELETE FROM t")) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> Stage.execute(session, sql))
          .satisfies(e -> assertThat(e.getSQLState()).isIn("25006", "0A000"));
    }
    assertThat(Stage.query(session, "SELECT (current_setting('temp_file_limit') = '1MB')::int"))
        .isEqualTo(1);

    session.close();
    daemon.clones.suspend(daemon.service.targets());
    assertThat(Stage.query(daemon.session("ro"), "SELECT count(*) FROM t")).isEqualTo(200_000);
  }

  @Test
  void whoPromotesAReadOnlyCloneEndsItsServer() throws Exception {
    Stage daemon = open(policy("ro").with(Access.READ_ONLY));
    EnvironmentSession session = daemon.session("ro");

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> {
          Stage.query(session, "SELECT pg_promote()::int");
          Stage.execute(session, "CREATE TABLE written (i int)");
        });
    Thread.sleep(500);

    EnvironmentSession again = daemon.session("ro");
    assertThat(Stage.query(again, "SELECT pg_is_in_recovery()::int")).isEqualTo(1);
    assertThat(Stage.query(again, "SELECT count(*) FROM t")).isEqualTo(200_000);
    assertThat(Stage.query(again, "SELECT count(*) FROM pg_class WHERE relname = 'written'"))
        .isZero();
  }

  private static Hooks hooks(Hook... hooks) {
    return new Hooks(List.of(hooks), Duration.ofSeconds(30));
  }

  @Test
  void hooksRunInOrderAndReachThisCloneAlone() throws Exception {
    Path tools = Files.createDirectories(files.resolve("tools"));
    Path run = tools.resolve("run");
    Files.writeString(
        run,
        """
        #!/bin/sh
        set -e
        test "$1" = 'an argument'
        test "$PWD" = "$(dirname "$0")"
        test "$PGDATABASE" = postgres
        test ! -e %s
        ! touch here 2>/dev/null
        test "$(ls /data)" = ""
        /usr/bin/env psql -X "$DATABASE_URL" -v ON_ERROR_STOP=1 -c 'INSERT INTO steps VALUES (2)'
        """
            .formatted(directory));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path sql = files.resolve("steps.sql");
    Files.writeString(
        sql, "\\set one 1\nCREATE TABLE steps (i int);\nINSERT INTO steps VALUES (:one);\n");
    Stage daemon =
        open(
            policy("pr-*")
                .with(
                    hooks(
                        new Hook.Script(sql, "postgres"),
                        new Hook.Command(
                            List.of(run.toString(), "an argument"), tools, "postgres"))));

    assertThat(Stage.query(daemon.session("pr-1"), "SELECT sum(i) FROM steps")).isEqualTo(3);
  }

  @Test
  void aHookThatFailsFailsTheCreation() throws Exception {
    Path sql = Files.writeString(files.resolve("bad.sql"), "SELECT 1;\nSELECT nonsense;\n");
    Stage daemon = open(policy("pr-*").with(hooks(new Hook.Script(sql, null))));

    EnvironmentUnavailable failure = failure(daemon);

    assertThat(failure.sqlState()).isEqualTo("58000");
    assertThat(failure.detail().orElseThrow())
        .startsWith("hook 1 (" + sql + ") has failed, status 3\n")
        .contains("bad.sql:2: ERROR:  column \"nonsense\" does not exist");
    assertThat(failure.hint().orElseThrow()).startsWith("Mend the hook");
    assertThat(daemon.environments.list()).isEmpty();
    // The file is read anew each time.
    Files.writeString(sql, "SELECT 1;\n");
    assertThat(Stage.query(daemon.session("pr-1"), "SELECT 1")).isEqualTo(1);
  }

  @Test
  void aHookThatDoesNotEndIsKilled() throws Exception {
    Stage daemon =
        open(
            policy("pr-*")
                .with(
                    new Hooks(
                        List.of(
                            new Hook.Command(
                                List.of("/bin/sh", "-c", "echo begun; sleep 600"), null, null)),
                        Duration.ofSeconds(1))));

    assertThat(failure(daemon).detail().orElseThrow())
        .isEqualTo("hook 1 (/bin/sh) has not ended within 1 s\nbegun");
  }

  private static EnvironmentUnavailable failure(Stage daemon) throws Exception {
    return Bench.failureOf(daemon.environments.open(new EnvironmentRequest("pr-1", "postgres")));
  }
}
