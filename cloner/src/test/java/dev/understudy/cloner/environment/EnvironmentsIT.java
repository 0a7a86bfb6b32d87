package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.postgres.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Real servers on plain copies. */
class EnvironmentsIT extends StageFixture {
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();

  private Stage openFor(Duration dropAfter) throws Exception {
    return open(dropAfter, steps::add);
  }

  @Test
  void eightNamesWithTenWaitersEachGetEightClones() throws Exception {
    Stage daemon = openFor(Duration.ofDays(1));
    List<CompletableFuture<EnvironmentSession>> waiting = new ArrayList<>();
    long begin = System.nanoTime();
    for (int i = 0; i < 80; i++) {
      waiting.add(daemon.environments.open(new EnvironmentRequest("pr-" + i % 8, "postgres")));
    }
    Set<Path> sockets = new HashSet<>();
    for (CompletableFuture<EnvironmentSession> waiter : waiting) {
      EnvironmentSession session = waiter.get(120, TimeUnit.SECONDS);
      if (sockets.add(session.socket())) {
        assertThat(Stage.query(session, "SELECT count(*) FROM t")).isEqualTo(200_000);
      }
    }
    System.out.printf(
        "8 environments side by side on %s: %d ms%n",
        daemon.pool.describe(), Duration.ofNanos(System.nanoTime() - begin).toMillis());
    assertThat(sockets).hasSize(8);
    assertThat(daemon.files("clones")).hasSize(8);
  }

  @Test
  void whatOneWritesNobodyElseSees() throws Exception {
    Stage daemon = openFor(Duration.ofDays(1));
    EnvironmentSession first = daemon.session("pr-1");
    EnvironmentSession second = daemon.session("pr-2");
    System.out.println("made on " + daemon.pool.describe() + " in " + second.creation());

    Stage.execute(first, "DELETE FROM t");
    Stage.execute(second, "INSERT INTO t VALUES (0, 'second')");

    assertThat(Stage.query(first, "SELECT count(*) FROM t")).isZero();
    assertThat(Stage.query(second, "SELECT count(*) FROM t")).isEqualTo(200_001);
    assertThat(Stage.query(daemon.session("pr-3"), "SELECT count(*) FROM t")).isEqualTo(200_000);
  }

  @Test
  void serverThatWasKilledComesBackWithItsData() throws Exception {
    Stage daemon = openFor(Duration.ofDays(1));
    EnvironmentSession session = daemon.session("pr-1");
    Stage.execute(session, "DELETE FROM t WHERE i > 10");

    RunningServer server = daemon.service.targets().getFirst().server().orElseThrow();

    assertThat(daemon.killAll()).isPositive();
    server.onExit().get(60, TimeUnit.SECONDS);
    EnvironmentSession again = daemon.session("pr-1");

    assertThat(again.creation()).isEmpty();
    assertThat(Stage.query(again, "SELECT count(*) FROM t")).isEqualTo(10);
  }

  @Test
  void serverThatHadToBeKilledForItsSleepComesBackWithItsData() throws Exception {
    Stage daemon = openFor(Duration.ofDays(1));
    Stage.execute(daemon.session("pr-1"), "DELETE FROM t WHERE i > 10");
    RunningServer server = daemon.service.targets().getFirst().server().orElseThrow();

    try (RunningServer.Stillness _ = server.freeze(Stage.PATIENCE)) {
      assertThat(await(daemon.environments.suspend("pr-1", true))).isTrue();
    }

    assertThat(Files.readString(daemon.files("clones").getFirst().resolve("clone.json")))
        .contains("\"state\" : \"SUSPENDED\"")
        .contains("\"unsyncedBoot\" : null");
    assertThat(daemon.killAll()).isZero();
    EnvironmentSession again = daemon.session("pr-1");
    assertThat(again.creation()).isEmpty();
    assertThat(Stage.query(again, "SELECT count(*) FROM t")).isEqualTo(10);
  }

  @Test
  void idleEnvironmentIsDroppedAndItsSessionsAreTold() throws Exception {
    Stage daemon = openFor(Duration.ofSeconds(2));
    EnvironmentSession session = daemon.session("pr-1");
    Connection quiet = Stage.connect(session);
    try {
      assertThat(quiet.isValid(10)).isTrue();
      session.activity();
      awaitDropped(daemon, "pr-1");

      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() -> quiet.unwrap(PGConnection.class).getNotifications(60_000))
          .extracting(SQLException::getSQLState)
          .isEqualTo("57P01");
    } finally {
      quiet.abort(Runnable::run);
    }
    assertThat(daemon.session("pr-1").creation()).isPresent();
  }

  @Test
  void longStatementIsNotIdle() throws Exception {
    Stage daemon = openFor(Duration.ofSeconds(1));
    EnvironmentSession session = daemon.session("pr-1");

    Stage.execute(session, "SELECT pg_sleep(5)");

    assertThat(daemon.environments.list()).hasSize(1);
    awaitDropped(daemon, "pr-1");
  }

  @Test
  void openTransactionKeepsItAwake() throws Exception {
    Stage daemon = openFor(Duration.ofSeconds(1));
    EnvironmentSession session = daemon.session("pr-1");
    try (Connection connection = Stage.connect(session);
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("SELECT 1");
      session.activity();
      // It would be as idle as the others, which come and go one after the other meanwhile.
      for (String other : List.of("pr-2", "pr-3")) {
        daemon.session(other).activity();
        awaitDropped(daemon, other);
      }
      statement.execute("SELECT 2");
      connection.commit();
    }
    session.activity();
    awaitDropped(daemon, "pr-1");
  }

  @Test
  void nextDaemonTakesTheServersOver() throws Exception {
    Stage daemon = openFor(Duration.ofDays(1));
    EnvironmentSession before = daemon.session("pr-1");
    long started = Stage.query(before, "SELECT extract(epoch FROM pg_postmaster_start_time())*1e6");
    try (Connection kept = Stage.connect(before);
        Statement statement = kept.createStatement()) {
      statement.execute("CREATE TEMP TABLE mine AS SELECT 42 AS x");
      daemon.close();
      daemon = openFor(Duration.ofDays(1));

      EnvironmentSession after = daemon.session("pr-1");
      assertThat(after.creation()).isEmpty();
      assertThat(Stage.query(after, "SELECT extract(epoch FROM pg_postmaster_start_time())*1e6"))
          .isEqualTo(started);
      try (var row = statement.executeQuery("SELECT x FROM mine")) {
        row.next();
        assertThat(row.getInt(1)).isEqualTo(42);
      }
    }
  }

  @Test
  void stoppedServersComeBack() throws Exception {
    Stage daemon = openFor(Duration.ofDays(1));
    Stage.execute(daemon.session("pr-1"), "DELETE FROM t WHERE i > 5");
    Stage.execute(daemon.session("staging"), "DELETE FROM t WHERE i > 6");
    daemon.service.close();
    daemon.clones.suspend(daemon.service.targets());
    assertThat(daemon.killAll()).isZero();
    daemon.close();

    daemon = openFor(Duration.ofDays(1));

    assertThat(Stage.query(daemon.session("pr-1"), "SELECT count(*) FROM t")).isEqualTo(5);
    EnvironmentSession staging = daemon.session("staging");
    assertThat(Stage.query(staging, "SELECT count(*) FROM t")).isEqualTo(6);
    assertThat(Stage.query(staging, "SELECT (current_setting('fsync') = 'on')::int")).isEqualTo(1);
  }

  private void awaitDropped(Stage daemon, String name) throws Exception {
    while (daemon.environments.list().stream().anyMatch(e -> e.name().equals(name))) {
      assertThat(steps.poll(60, TimeUnit.SECONDS)).as(name + " is dropped").isNotNull();
      await(daemon.service.settled());
    }
  }
}
