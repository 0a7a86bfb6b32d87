package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.snapshot.Bank;
import dev.understudy.cloner.snapshot.Portrait;
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
import java.util.Set;
import java.util.SortedMap;
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
  /** Each with a plan that hangs on sizes and statistics. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT * FROM account WHERE id = 7",
          "SELECT * FROM account WHERE balance < 100",
          "SELECT count(*) FROM journal WHERE at > now()",
          "SELECT * FROM far_away JOIN account ON account.id = far_away.i WHERE i < 50",
          "SELECT * FROM pg_class WHERE relname = 'x'");

  private StandbyStage stage;
  private StandbySource source;

  @BeforeAll
  void open() throws Exception {
    stage = StandbyStage.open(Map.of("autovacuum", "off"));
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
  void aSnapshotUnderLoadIsConsistent() throws Exception {
    try (Bank bank = Bank.open(stage.production().server(), "postgres")) {
      stage.production().execute("INSERT INTO seen VALUES (1)");
      Snapshot snapshot = stage.cut(source);
      RunningServer clone = stage.startClone(snapshot);
      try (Connection connection =
          Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(20))) {
        assertThat(Rows.number(connection, "SELECT sum(balance) FROM account"))
            .isEqualTo(Bank.ACCOUNTS * Bank.BALANCE);
        assertThat(Rows.number(connection, "SELECT count(*) FROM far_away")).isEqualTo(1000);
        assertThat(Rows.number(connection, "SELECT max(i) FROM seen")).isEqualTo(1);
        // The data time is a commit's: whatever production had answered before is there.
        assertThat(Rows.number(connection, "SELECT count(*) FROM journal"))
            .isGreaterThanOrEqualTo(before(snapshot));
      } finally {
        clone.kill();
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
  void productionThatRestartsIsFollowedAgainAndWithoutItWhatIsHereIsCut() throws Exception {
    stage.production().server().kill();
    stage.production().server().start();
    stage.production().execute("INSERT INTO seen VALUES (20)");
    StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
    // Blocks that were added and never used are on production alone.
    stage.production().execute("VACUUM (ANALYZE)");
    Snapshot before = stage.cut(source);
    isAsProductionIs(before);
    stage.production().server().stop();
    StandbyStage.await("lost", () -> !StandbyInspection.isConnected(source));

    Snapshot snapshot = stage.cut(source);

    assertThat(snapshot.dataTime()).isEqualTo(before.dataTime());
    assertThat(snapshot.settings()).isEqualTo(before.settings());
    assertThat(stage.ask(snapshot, "postgres", "SELECT max(i) FROM seen")).isEqualTo(20);
    SourceException unknown =
        catchThrowableOfType(
            SourceException.class,
            () -> source.isChangedSince(requireNonNull(snapshot.position())));
    assertThat(unknown.kind()).isEqualTo(SourceException.Kind.CONNECTION);
    assertThat(source.isChangedSince("an earlier one")).isTrue();
    Duration first = source.lag().orElseThrow().time();
    StandbyStage.await("lag grows", () -> source.lag().orElseThrow().time().compareTo(first) > 0);
    stage.production().server().start();
  }

  /** While nobody writes: catalogs, rows, statistics, sizes, and what the planner makes of them. */
  private void isAsProductionIs(Snapshot snapshot) throws Exception {
    RunningServer clone = stage.startClone(snapshot);
    try (Connection production = stage.production().server().connect("postgres", "postgres");
        Connection there =
            Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(20))) {
      List<String> differences = new ArrayList<>();
      Portrait.compare(differences, portrait(there), portrait(production));
      for (String query : QUERIES) {
        Portrait.compare(
            differences,
            query,
            Portrait.rows(there, "EXPLAIN " + query),
            Portrait.rows(production, "EXPLAIN " + query));
      }
      assertThat(String.join("\n", differences)).isEmpty();
      String sequence = "SELECT last_value FROM journal_id_seq";
      assertThat(Rows.number(there, sequence) - Rows.number(production, sequence))
          .isBetween(0L, 32L);
    } finally {
      clone.kill();
    }
  }

  /** But for the sequence, which WAL has some values ahead. */
  private static SortedMap<String, List<String>> portrait(Connection connection)
      throws SQLException {
    SortedMap<String, List<String>> portrait = Portrait.of(connection, Set.of("cache"));
    assertThat(portrait.remove("sequence journal_id_seq")).isNotNull();
    return portrait;
  }

  @Test
  @Order(7)
  void standbyHasAsManyConnectionsAsProductionAndTheNextDaemonTakesItOver() throws Exception {
    stage
        .production()
        .execute(
            "ALTER SYSTEM SET max_connections = 140",
            "ALTER SYSTEM SET max_locks_per_transaction = 99");
    stage.production().server().stop();
    stage.production().server().start();
    stage.production().execute("INSERT INTO seen VALUES (40)");
    StandbyStage.await("followed", () -> StandbyInspection.seen(stage, 40));
    ReplicaRecord before = record();
    source.close();
    stage.production().execute("INSERT INTO seen VALUES (50)");

    source = stage.source();
    source.begin();

    StandbyStage.await("connected", () -> StandbyInspection.isConnected(source));
    assertThat(record().server()).isEqualTo(before.server()).isNotNull();
    assertThat(
            stage.ask(
                stage.cut(source),
                "postgres",
                List.of("SELECT max(i) FROM seen", "SHOW max_connections")))
        .containsExactly(50L, 140L);
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

      assertThat(
              stage.ask(
                  snapshot,
                  "postgres",
                  List.of("SELECT max(i) FROM seen", "SELECT count(*) FROM far_away")))
          .containsExactly(70L, 1000L);
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
