package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.source.CopyListener;
import dev.understudy.cloner.source.SourceCopy;
import dev.understudy.cloner.standby.CollationReindexing;
import dev.understudy.config.MinFree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong, it is said, and nothing is left: no files, no server, no slot. */
class SnapshotFailureIT {
  @TempDir Path parent;
  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    stage = Stage.open(parent, 18, Map.of("max_replication_slots", "1"));
  }

  @AfterEach
  void close() throws Exception {
    stage.close();
  }

  @Test
  void productionStopsInTheMidst() throws Exception {
    SnapshotException e =
        stage.failure(
            stage.source(),
            once(() -> {
              try {
                stage.production().stop();
              } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
              }
            }));
    assertThat(e.kind()).isEqualTo(SnapshotException.Kind.SOURCE);
    assertThat(e).hasMessage("production's server ended the backup");
    assertThat(e.detail()).isNotBlank();
    stage.nothingIsLeft();
    stage.production().start();
    assertThat(stage.cutter().cut(stage.mirror(), CopyListener.silent())).isNotNull();
  }

  /** As the copy knows it when it is recovered. */
  @Test
  void superuserMayGetAnotherNameWhileFilesAreCopied() throws Exception {
    execute("postgres", "CREATE ROLE steward SUPERUSER LOGIN");
    try {
      Snapshot snapshot =
          stage
              .cutter()
              .cut(
                  stage.mirror(),
                  once(() -> execute("steward", "ALTER ROLE postgres RENAME TO boss")));
      assertThat(snapshot.superuser()).isEqualTo("boss");
      stage.store().delete(snapshot);
    } finally {
      execute("steward", "ALTER ROLE boss RENAME TO postgres");
      execute("postgres", "DROP ROLE steward");
    }
  }

  private void execute(String role, String sql) {
    try (Connection connection = stage.production().connect("postgres", role)) {
      connection.createStatement().execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As one that an index has missed which was built by another order of texts. */
  @Test
  void aRowThatKeepsAnIndexFromBeingBuiltAnewIsNotQuoted() throws Exception {
    execute("postgres", "CREATE TABLE login (mail text CONSTRAINT one_mail UNIQUE)");
    execute(
        "postgres", "UPDATE pg_index SET indisready = false WHERE indrelid = 'login'::regclass");
    execute("postgres", "INSERT INTO login SELECT 'ann@b.example' FROM generate_series(1, 2)");
    execute("postgres", "UPDATE pg_index SET indisready = true WHERE indrelid = 'login'::regclass");
    execute("postgres", "UPDATE pg_database SET datcollversion = '1' WHERE datname = 'postgres'");
    stage.prepareBy(new CollationReindexing());

    SnapshotException unique = stage.failure(stage.source(), CopyListener.silent());

    assertThat(unique).hasMessage("the copy of production could not be made ready");
    assertThat(unique.detail()).isEqualTo("SQLSTATE 23505, constraint one_mail, table login");
    assertThat(unique).hasNoCause();

    execute("postgres", "DROP TABLE login");
    execute("postgres", "CREATE TABLE login (mail text)");
    execute(
        "postgres",
        "CREATE FUNCTION number(text) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'");
    execute("postgres", "CREATE INDEX ON login (number(mail))");
    execute("postgres", "INSERT INTO login VALUES ('ann@b.example')");
    execute(
        "postgres",
        "CREATE OR REPLACE FUNCTION number(text) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT"
            + " $1::int'");

    SnapshotException expression = stage.failure(stage.source(), CopyListener.silent());

    assertThat(expression.detail()).isEqualTo("SQLSTATE 22P02");
    assertThat(expression).hasNoCause();
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    assertThatThrownBy(() ->
            stage.cutter().cut(stage.mirror(), once(() -> Thread.currentThread().interrupt())))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    stage.nothingIsLeft();
    stage.slotsAreFree();
  }

  /** The checkpointer stands still, as on a disk that hangs. */
  @Test
  void anInterruptEndsTheWaitForProduction() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread cutter =
        Thread.ofPlatform()
            .unstarted(() ->
                failure.set(
                    catchThrowable(
                        () -> stage.cutter().cut(stage.mirror(), CopyListener.silent()))));
    String checkpointer = checkpointer();
    try (AutoCloseable _ = () -> LoopFileSystem.run("kill", "-CONT", checkpointer)) {
      LoopFileSystem.run("kill", "-STOP", checkpointer);
      cutter.start();
      waitForBackup(cutter);
      cutter.interrupt();
      assertThat(cutter.join(Duration.ofSeconds(60))).isTrue();
      assertThat(failure.get()).isInstanceOf(InterruptedException.class);
      stage.nothingIsLeft();
    }
    stage.slotsAreFree();
  }

  private String checkpointer() throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres")) {
      return Long.toString(
          Bank.number(
              connection, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'"));
    }
  }

  private void waitForBackup(Thread cutter) throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres")) {
      String waiting =
          "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_backup_start%'"
              + " AND wait_event LIKE 'Checkpoint%'";
      while (Bank.number(connection, waiting) == 0) {
        assertThat(cutter.isAlive()).as("the cutter waits for production").isTrue();
      }
    }
  }

  @Test
  void thePoolBecomesFull() throws Exception {
    try (LoopFileSystem small = LoopFileSystem.mount("ext4", 24)) {
      Pool pool = new BoastfulPool(PoolProbe.choose(small.directory()).pool());
      SnapshotStore store = SnapshotStore.open(small.directory(), pool, stage.servers());
      SnapshotException e =
          catchThrowableOfType(
              SnapshotException.class,
              () ->
                  stage
                      .cutter(pool, store)
                      .cut(stage.mirror(stage.source(), pool), CopyListener.silent()));
      assertThat(e.kind()).isEqualTo(SnapshotException.Kind.SPACE);
      assertThat(e.detail()).contains("No space left on device");
      assertThat(small.directory().resolve("snapshots")).isEmptyDirectory();
      stage.slotsAreFree();
      Path directory = small.directory();
      refused(PoolProbe.choose(directory, () -> new MinFree.Size(0)).pool(), store, "no room");
      refused(PoolProbe.choose(directory).pool(), store, "nearly full");
      assertThat(directory.resolve("snapshots")).isEmptyDirectory();
    }
  }

  /** Before anything is copied. */
  private void refused(Pool pool, SnapshotStore store, String message) throws Exception {
    SnapshotException before =
        catchThrowableOfType(
            SnapshotException.class,
            () ->
                stage
                    .cutter(pool, store)
                    .cut(stage.mirror(stage.source(), pool), CopyListener.silent()));
    assertThat(before.kind()).isEqualTo(SnapshotException.Kind.SPACE);
    assertThat(before).hasMessageContaining(message);
  }

  @Test
  void aMissingSegmentOfWalIsNotRecoveredFromSilently() throws Exception {
    Path directory = stage.store().begin(Instant.now());
    stage.pool().create(directory.resolve("data"));
    SourceCopy copy =
        stage.mirror().copyInto(directory.resolve("data"), once(this::writeAndSwitchWal));
    List<Path> segments;
    try (var files = Files.list(directory.resolve("data/pg_wal"))) {
      segments = files.sorted().toList();
    }
    assertThat(segments).hasSizeGreaterThan(1);
    Files.delete(segments.getLast());
    SnapshotServer server =
        new SnapshotServer(
            stage.servers(),
            stage.binaries(18).orElseThrow(),
            directory,
            stage.store().socketDirectory(directory),
            new Preparation(List.of(), CopyListener.silent()));
    SnapshotException e =
        catchThrowableOfType(SnapshotException.class, () -> server.recoverAndPrepare(copy));
    assertThat(e.kind()).isEqualTo(SnapshotException.Kind.RECOVERY);
    assertThat(e.detail()).contains("WAL ends before end of online backup");
    stage.store().discard(directory);
    stage.nothingIsLeft();
  }

  @Test
  void aStepThatRefusesKeepsTheSnapshotFromBeing() throws Exception {
    stage.prepareBy(copy -> {
      throw new PreparationException("this may not be", "this row", "Change it.", null);
    });
    SnapshotException e =
        catchThrowableOfType(
            SnapshotException.class,
            () -> stage.cutter().cut(stage.mirror(), CopyListener.silent()));
    assertThat(e.kind()).isEqualTo(SnapshotException.Kind.PREPARATION);
    assertThat(e).hasMessage("this may not be");
    assertThat(e.detail()).isEqualTo("this row");
    assertThat(e.hint()).isEqualTo("Change it.");
    stage.nothingIsLeft();
  }

  /** Even with autovacuum off, PostgreSQL vacuums what is older than that, beside our own work. */
  @Test
  void nothingOfACopyIsOldEnoughToBeVacuumedAgainstWraparound() throws Exception {
    List<Long> ages = new ArrayList<>();
    stage.prepareBy(copy -> {
      for (String kind : List.of("", "multixact_")) {
        String setting = "'autovacuum_" + kind + "freeze_max_age'";
        ages.add(Bank.number(copy.session(), "SELECT current_setting(" + setting + ")::bigint"));
      }
    });
    Snapshot snapshot = stage.cutter().cut(stage.mirror(), CopyListener.silent());
    assertThat(ages).containsExactly(2_000_000_000L, 2_000_000_000L);
    stage.store().delete(snapshot);
  }

  @Test
  void whatIsHalfMadeGoesAtTheNextStart() throws Exception {
    Snapshot whole = stage.cutter().cut(stage.mirror(), CopyListener.silent());
    Path half = stage.store().begin(Instant.now());
    stage.pool().copy(whole.data(), half.resolve("data"));
    SnapshotStore again =
        SnapshotStore.open(stage.workbench().directory(), stage.pool(), stage.servers());
    assertThat(again.all()).containsExactly(whole);
    assertThat(again.newest("prod")).contains(whole);
    assertThat(half).doesNotExist();
    again.delete(whole);
    assertThat(again.all()).isEmpty();
    stage.nothingIsLeft();
  }

  private static CopyListener once(Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    return (files, bytes, total) -> {
      if (done.compareAndSet(false, true)) {
        action.run();
      }
    };
  }

  private void writeAndSwitchWal() {
    try {
      stage.execute("CREATE TABLE written AS SELECT generate_series(1, 1000) i");
      stage.execute("SELECT pg_switch_wal()");
      stage.execute("INSERT INTO written VALUES (1)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
