package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.StepListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Resets and branches of real servers on plain copies. */
class MovingIT extends StageFixture {
  private static final int ROUNDS = Integer.getInteger("understudy.branch.rounds", 2);
  private Stage daemon;

  @BeforeEach
  void openDaemon() throws Exception {
    daemon = open(Duration.ofDays(1), StepListener.NONE);
  }

  @Test
  void aResetIsRefusedWhileSomethingRunsUnlessForced() throws Exception {
    EnvironmentSession session = daemon.session("pr-1");
    Stage.execute(session, "DELETE FROM t");
    try (Connection waiting = Stage.connect(session);
        Connection working = Stage.connect(session);
        Statement transaction = waiting.createStatement()) {
      waiting.setAutoCommit(false);
      transaction.execute("SELECT 1");
      CompletableFuture<SQLException> end = new CompletableFuture<>();
      Thread worker = Thread.ofPlatform().start(() -> end.complete(failureOfSleepingOn(working)));
      awaitRefusal("2 sessions are in the middle of a transaction or a statement.");
      assertThat(Stage.query(session, "SELECT count(*) FROM t")).isZero();

      await(daemon.environments.reset("pr-1", true));

      assertThat(await(end).getSQLState()).isEqualTo("57P01");
      worker.join();
      waiting.abort(Runnable::run);
    }
    assertThat(Stage.query(daemon.session("pr-1"), "SELECT count(*) FROM t")).isEqualTo(200_000);
  }

  private static SQLException failureOfSleepingOn(Connection connection) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_sleep(120)");
      return new SQLException("it slept");
    } catch (SQLException e) {
      return e;
    }
  }

  /** The statement of another thread may have to begin first. */
  private void awaitRefusal(String detail) throws Exception {
    long deadline = System.nanoTime() + Stage.PATIENCE.toNanos();
    while (true) {
      try {
        await(daemon.environments.reset("pr-1", false));
        throw new AssertionError("a transaction is open");
      } catch (ExecutionException e) {
        EnvironmentUnavailable refusal = requireNonNull((EnvironmentUnavailable) e.getCause());
        assertThat(refusal.sqlState()).isEqualTo("55006");
        if (refusal.detail().orElse("").equals(detail)) {
          return;
        }
        assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      }
    }
  }

  @Test
  void aTokenResetsOnce() throws Exception {
    Stage.execute(daemon.session("pr-1"), "DELETE FROM t");
    assertThat(Stage.query(withToken("run-1"), "SELECT count(*) FROM t")).isEqualTo(200_000);
    Stage.execute(withToken("run-1"), "DELETE FROM t WHERE i > 5");
    assertThat(Stage.query(withToken("run-1"), "SELECT count(*) FROM t")).isEqualTo(5);
    assertThat(Stage.query(withToken("run-2"), "SELECT count(*) FROM t")).isEqualTo(200_000);
  }

  @Test
  void aBranchUnderLoadIsOfOneMomentAndSound() throws Exception {
    EnvironmentSession parent = daemon.session("pr-1");
    Transfers.prepare(parent);
    Stage.execute(parent, "ALTER SYSTEM SET max_wal_size = '64MB'"); // checkpoints come and go
    Stage.execute(parent, "SELECT pg_reload_conf()");
    try (Transfers transfers = Transfers.begin(parent, 4)) {
      for (int round = 0; round < ROUNDS; round++) {
        transfers.awaitMore(200);
        long before = transfers.committed();
        await(branch("pr-b" + round, "pr-1"));

        EnvironmentSession branch = daemon.session("pr-b" + round);
        assertThat(Transfers.check(branch)).isGreaterThanOrEqualTo(before);
        Stage.execute(branch, "DELETE FROM account");
        await(daemon.environments.drop("pr-b" + round));
      }
      transfers.awaitMore(200);
    }
    Transfers.check(parent);
  }

  /** Of an environment that survives a crash, and the other way round: fsync is its policy's. */
  @Test
  void aBranchHasTheDurabilityOfItsPolicy() throws Exception {
    Stage.execute(daemon.session("pr-1"), "DELETE FROM t WHERE i > 4");
    await(branch("staging", "pr-1"));
    EnvironmentSession staging = daemon.session("staging");
    assertThat(Stage.query(staging, "SELECT count(*) FROM t")).isEqualTo(4);
    assertThat(Stage.query(staging, "SELECT (current_setting('fsync') = 'on')::int")).isEqualTo(1);

    await(branch("pr-2", "staging"));
    EnvironmentSession back = daemon.session("pr-2");
    assertThat(Stage.query(back, "SELECT count(*) FROM t")).isEqualTo(4);
    assertThat(Stage.query(back, "SELECT (current_setting('fsync') = 'on')::int")).isZero();
  }

  @Test
  void aBranchOfOneThatSleepsLeavesItAsleep() throws Exception {
    EnvironmentSession session = daemon.session("pr-1");
    Stage.execute(session, "DELETE FROM t WHERE i > 3");
    session.close();
    await(daemon.environments.suspend("pr-1", true));

    await(branch("pr-2", "pr-1"));

    assertThat(daemon.environments.list().getFirst().running()).isFalse();
    assertThat(Stage.query(daemon.session("pr-2"), "SELECT count(*) FROM t")).isEqualTo(3);
    await(daemon.environments.drop("pr-1"));
    assertThat(Stage.query(daemon.session("pr-2"), "SELECT count(*) FROM t")).isEqualTo(3);
  }

  private EnvironmentSession withToken(String token) throws Exception {
    return await(daemon.environments.open(new EnvironmentRequest("pr-1", "postgres", null, token)));
  }

  private CompletableFuture<?> branch(String name, String from) {
    return daemon.environments.create(name, new CreateFrom.Environment(from), null);
  }
}
