package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.understudy.cloner.cgroup.ControlGroupProbe;
import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.host.Accounts;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Resources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clones may take of the host, on real servers. */
@Tag("alone")
class ConfinedIT extends StageFixture {
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

  @AfterAll
  void forgetGroups() throws Exception {
    if (Accounts.isRoot()) {
      new ControlGroupProbe(directory()).forget();
    }
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
    // By processes that have ended.
    assertThat(processorMillis(daemon, "light")).isGreaterThan(100);
    assertThat(processorMillis(daemon, "heavy"))
        .isBetween(2 * processorMillis(daemon, "light"), 10_000L * sessions);
  }

  private static long processorMillis(Stage daemon, String environment) throws Exception {
    Clone clone = daemon.environments.target(environment).orElseThrow();
    return daemon.clones.work(clone).orElseThrow().processorTime().toMillis();
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
    await(second.environments.drop("small-1"));
    try (var left = Files.find(Path.of("/sys/fs/cgroup"), 8, (path, a) -> path.endsWith(id))) {
      assertThat(left).isEmpty();
    }
  }
}
