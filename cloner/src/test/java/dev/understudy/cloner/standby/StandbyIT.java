package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.snapshot.Bank;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.source.Lag;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** A standby follows one production, and snapshots are cut from it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(300)
final class StandbyIT {
  private StandbyStage stage;
  private StandbySource source;

  @BeforeAll
  void open() throws Exception {
    stage = StandbyStage.open(Map.of());
    Path tablespace = stage.production().directoryBeside("ts=1");
    stage
        .production()
        .execute(
            "CREATE TABLESPACE far LOCATION '" + tablespace + "'",
            "CREATE TABLE far_away TABLESPACE far AS SELECT i FROM generate_series(1, 1000) i",
            "CREATE TABLE seen (i int)");
    source = stage.source();
    source.begin();
  }

  @AfterAll
  void close() throws Exception {
    source.shutdown();
    stage.close();
  }

  @Test
  @Order(1)
  void snapshotsUnderLoadAreConsistent() throws Exception {
    try (Bank bank = Bank.open(stage.production().server(), "postgres")) {
      for (int i = 1; i <= 3; i++) {
        stage.production().execute("INSERT INTO seen VALUES (" + i + ")");
        Snapshot snapshot = stage.cut(source);
        RunningServer clone = stage.startClone(snapshot);
        try (Connection connection =
            Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(20))) {
          assertThat(Rows.number(connection, "SELECT sum(balance) FROM account"))
              .isEqualTo(Bank.ACCOUNTS * Bank.BALANCE);
          assertThat(Rows.number(connection, "SELECT count(*) FROM far_away")).isEqualTo(1000);
          assertThat(Rows.number(connection, "SELECT max(i) FROM seen")).isEqualTo(i);
          // The data time is a commit's: whatever production had answered before is there.
          assertThat(Rows.number(connection, "SELECT count(*) FROM journal"))
              .isGreaterThanOrEqualTo(before(snapshot));
        } finally {
          clone.kill();
        }
      }
      assertThat(bank.committed()).isPositive();
    }
  }

  private long before(Snapshot snapshot) throws Exception {
    try (Connection connection = stage.production().server().connect("postgres", "postgres")) {
      return Bank.journalUntil(connection, snapshot.dataTime().minusSeconds(1));
    }
  }

  @Test
  @Order(2)
  void passwordIsInNoFileButItsOwnAndInNoArgument() throws Exception {
    List<Path> holders = new ArrayList<>();
    try (Stream<Path> files = Files.walk(stage.workbench().directory())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (StandbyInspection.holds(file, StandbyStage.MARK)) {
          holders.add(file);
        }
      }
    }
    assertThat(holders).containsExactly(stage.replicas().resolve("prod/secrets/passfile"));
    assertThat(Files.getPosixFilePermissions(holders.getFirst()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(process ->
            process.info().commandLine().orElse("").contains(StandbyStage.MARK)
                || StandbyInspection.environment(process.pid()).contains(StandbyStage.MARK));
  }

  @Test
  @Order(3)
  void positionMovesWithWhatIsWrittenAndWithNothingElse() throws Exception {
    stage.production().execute("INSERT INTO seen VALUES (10)");
    Optional<String> before = source.position();

    stage.production().execute("CHECKPOINT", "SELECT count(*) FROM seen", "SELECT pg_switch_wal()");
    assertThat(source.position()).isEqualTo(before).isPresent();

    stage.production().execute("INSERT INTO seen VALUES (11)");
    assertThat(source.position()).isNotEqualTo(before);
  }

  /** A commit need not be that of the newest transaction, nor of the oldest. */
  @Test
  @Order(3)
  void positionMovesWithACommitOfLongAgoBegunWork() throws Exception {
    try (Connection oldest = stage.production().server().connect("postgres", "postgres");
        Connection older = stage.production().server().connect("postgres", "postgres")) {
      for (Connection connection : List.of(oldest, older)) {
        connection.setAutoCommit(false);
        connection.createStatement().execute("INSERT INTO seen VALUES (12)");
      }
      stage.production().execute("INSERT INTO seen VALUES (12)");
      Optional<String> before = source.position();

      older.commit();

      assertThat(source.position()).isNotEqualTo(before);
    }
  }

  @Test
  @Order(4)
  void lagIsNothingWhenAllIsReplayed() throws Exception {
    StandbyStage.await(
        "caught up",
        () -> source.lag().filter(lag -> lag.equals(new Lag(0, Duration.ZERO, true))).isPresent());
  }

  @Test
  @Order(5)
  void productionThatRestartsIsFollowedAgain() throws Exception {
    stage.production().server().kill();
    stage.production().server().start();
    stage.production().execute("INSERT INTO seen VALUES (20)");

    StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
    Snapshot snapshot = stage.cut(source);

    assertThat(stage.ask(snapshot, "postgres", "SELECT max(i) FROM seen")).isEqualTo(20);
  }

  @Test
  @Order(6)
  void withProductionDownWhatIsHereIsCut() throws Exception {
    stage.production().execute("INSERT INTO seen VALUES (30)");
    StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
    Snapshot before = stage.cut(source);
    stage.production().server().stop();
    StandbyStage.await("lost", () -> !StandbyInspection.isConnected(source));

    Snapshot snapshot = stage.cut(source);

    assertThat(snapshot.dataTime()).isEqualTo(before.dataTime());
    assertThat(snapshot.settings()).isEqualTo(before.settings());
    assertThat(stage.ask(snapshot, "postgres", "SELECT max(i) FROM seen")).isEqualTo(30);
    Duration first = source.lag().orElseThrow().time();
    StandbyStage.await("lag grows", () -> source.lag().orElseThrow().time().compareTo(first) > 0);
    stage.production().server().start();
  }

  @Test
  @Order(7)
  void standbyHasAsManyConnectionsAsProduction() throws Exception {
    stage
        .production()
        .execute(
            "ALTER SYSTEM SET max_connections = 140",
            "ALTER SYSTEM SET max_locks_per_transaction = 99");
    stage.production().server().stop();
    stage.production().server().start();
    stage.production().execute("INSERT INTO seen VALUES (40)");

    StandbyStage.await("followed", () -> StandbyInspection.seen(stage, 40));

    Snapshot snapshot = stage.cut(source);
    assertThat(stage.ask(snapshot, "postgres", "SHOW max_connections")).isEqualTo(140);
  }

  @Test
  @Order(8)
  void nextDaemonTakesTheServerOver() throws Exception {
    ReplicaRecord before = record();
    source.close();
    stage.production().execute("INSERT INTO seen VALUES (50)");

    source = stage.source();
    source.begin();

    StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
    assertThat(record().server()).isEqualTo(before.server()).isNotNull();
    assertThat(stage.ask(stage.cut(source), "postgres", "SELECT max(i) FROM seen")).isEqualTo(50);
    assertThat(record().generation()).isEqualTo(before.generation());
  }

  @Test
  @Order(9)
  void nextDaemonStartsAServerThatWasStopped() throws Exception {
    source.shutdown();
    assertThat(record().server()).isNull();
    assertThat(stage.workbench().servers().killAllBelow(stage.replicas())).isZero();

    source = stage.source();
    source.begin();

    StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
  }

  @Test
  @Order(10)
  void serverThatIsKilledIsStartedAgain() throws Exception {
    ReplicaRecord before = record();
    assertThat(stage.workbench().servers().killAllBelow(stage.replicas())).isPositive();
    stage.production().execute("INSERT INTO seen VALUES (60)");

    StandbyStage.await("followed", () -> StandbyInspection.seen(stage, 60));

    assertThat(record().server()).isNotEqualTo(before.server());
    assertThat(record().generation()).isEqualTo(before.generation());
  }

  /** While its server is stopped for the copy, they would wait. */
  @Test
  @Order(11)
  void standbyThatCommitsHaveComeToWaitForIsNotStopped() throws Exception {
    ReplicaRecord before = record();
    stage
        .production()
        .execute(
            "ALTER SYSTEM SET synchronous_standby_names = 'understudy'", "SELECT pg_reload_conf()");
    try {
      StandbyStage.await("reloaded", () -> failure().contains("commits would wait"));
      assertThat(record().server()).isEqualTo(before.server()).isNotNull();
    } finally {
      stage
          .production()
          .execute("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
    }
    StandbyStage.await("reloaded", () -> failure().isEmpty());
  }

  private String failure() {
    try {
      assertThat(source.position()).isPresent();
      return "";
    } catch (SourceException | InterruptedException e) {
      return e.toString();
    }
  }

  /** Reached by a unix socket, too. */
  @Test
  @Order(12)
  void productionMayBeAStandbyItself() throws Exception {
    Path socket =
        stage
            .workbench()
            .directory()
            .resolve(ReplicaPlace.SOCKETS)
            .resolve(record().generation())
            .resolve("s");
    stage.production().execute("INSERT INTO seen VALUES (70)");
    StandbyStage.await("followed", () -> StandbyInspection.seen(stage, 70));
    StandbySource cascade =
        stage.source("cascade", new Secret("host=" + socket + " user=postgres"));
    try {
      Snapshot snapshot = stage.cut(cascade);

      assertThat(stage.ask(snapshot, "postgres", "SELECT max(i) FROM seen")).isEqualTo(70);
      assertThat(stage.ask(snapshot, "postgres", "SELECT count(*) FROM far_away")).isEqualTo(1000);
    } finally {
      cascade.shutdown();
    }
  }

  @Test
  @Order(13)
  void superuserMayGetAnotherName() throws Exception {
    stage.production().execute("CREATE ROLE steward SUPERUSER LOGIN");
    try {
      rename("postgres", "boss");
      assertThat(stage.cut(source).superuser()).isEqualTo("boss");
      StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
      assertThat(record().superuser()).isEqualTo("boss");
      source.close();

      rename("boss", "chief");
      source = stage.source();
      source.begin();

      StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
      assertThat(stage.cut(source).superuser()).isEqualTo("chief");
    } finally {
      rename("chief", "postgres");
    }
  }

  private void rename(String before, String after) throws SQLException {
    try (Connection connection = stage.production().server().connect("postgres", "steward");
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE %s RENAME TO %s".formatted(before, after));
    }
  }

  private ReplicaRecord record() throws IOException {
    return StandbyInspection.record(stage);
  }
}
