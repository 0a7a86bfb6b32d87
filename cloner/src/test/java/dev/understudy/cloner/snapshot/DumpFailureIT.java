package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.understudy.cloner.source.CopyListener;
import dev.understudy.config.Source;
import dev.understudy.config.SourceType.Dump.OnError;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that fail: it is said why, the older snapshots stay, and nothing else is left. */
class DumpFailureIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path parent;
  private Stage stage;

  @BeforeEach
  void open() throws Exception {
    stage = Dumped.open(parent, Map.of());
    Dumped.execute(
        stage,
        "postgres",
        "postgres",
        "CREATE ROLE dumper SUPERUSER LOGIN PASSWORD '" + Dumped.PASSWORD + "'",
        "CREATE TABLE fine AS SELECT 1 AS i");
  }

  @AfterEach
  void close() throws Exception {
    stage.close();
  }

  @Test
  void whatCannotBeRestoredBlocksPublishing() throws Exception {
    Snapshot older = cut(Dumped.source(stage, "dumper"));
    Dumped.execute(
        stage,
        "postgres",
        "postgres",
        "CREATE FUNCTION good(text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE TABLE broken (v text CHECK (good(v)))",
        "INSERT INTO broken VALUES ('hunter2')",
        "CREATE OR REPLACE FUNCTION good(text) RETURNS boolean LANGUAGE sql AS 'SELECT $1 IS NULL'",
        "CREATE TABLE \"twice is\" (u text)",
        "INSERT INTO \"twice is\" VALUES ('hunter3'), ('hunter4')",
        "CREATE FUNCTION number(text) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'",
        "CREATE INDEX numbers ON \"twice is\" (number(u))",
        "CREATE OR REPLACE FUNCTION number(text) RETURNS int IMMUTABLE LANGUAGE sql"
            + " AS 'SELECT $1::int'");

    SnapshotException e = stage.failure(Dumped.source(stage, "dumper"), CopyListener.silent());

    assertThat(e.kind()).isEqualTo(SnapshotException.Kind.SOURCE);
    // From 18 on an index has statistics of its own in a dump, which then belong to nothing.
    int failed = Dumped.MAJOR < 18 ? 2 : 3;
    assertThat(e).hasMessage(failed + " objects of production could not be restored");
    assertThat(e.detail())
        .contains("postgres: TABLE DATA public.broken: failed: new row for relation \"broken\"")
        .contains("postgres: INDEX public.numbers: failed: invalid input syntax for type integer")
        .doesNotContain("hunter");
    assertThat(e.hint()).contains("on-error = publish");
    assertThat(stage.store().all()).containsExactly(older);
    assertThat(stage.snapshots()).isDirectoryContaining(older.directory()::equals);
    assertThat(Dumped.tools("pg_")).isEmpty();

    Snapshot incomplete = cut(Dumped.source(stage, "dumper", List.of(), OnError.PUBLISH, Set.of()));

    assertThat(stage.store().newest("prod")).contains(incomplete);
    assertThat(incomplete.findings())
        .filteredOn(finding -> finding.kind() == Finding.Kind.FAILED_OBJECT)
        .extracting(Finding::qualifiedName)
        .hasSize(failed)
        .filteredOn(name -> !name.startsWith("postgres.STATISTICS DATA "))
        .containsExactly("postgres.TABLE DATA public.broken", "postgres.INDEX public.numbers");
  }

  @Test
  void aDumpThatIsKilled() throws Exception {
    Throwable failure =
        during(
            "pg_dump",
            cutter -> {
              Dumped.tools("pg_dump").forEach(ProcessHandle::destroyForcibly);
            });
    assertThat(failure)
        .isInstanceOfSatisfying(
            SnapshotException.class,
            e -> {
              assertThat(e).hasMessage("database postgres of production could not be dumped");
              assertThat(e.detail()).isNotBlank();
              assertThat(e.hint()).contains("Something killed pg_dump");
            });
  }

  @Test
  void productionStops() throws Exception {
    Throwable failure = during("pg_dump", cutter -> stage.production().kill());
    assertThat(failure)
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("database postgres of production could not be dumped");
    stage.production().start();
    assertThat(cut(Dumped.source(stage, "dumper"))).isNotNull();
  }

  @Test
  void anInterruptEndsADumpAndARestore() throws Exception {
    assertThat(during("pg_dump", Thread::interrupt)).isInstanceOf(InterruptedException.class);
    Dumped.execute(
        stage,
        "postgres",
        "postgres",
        "CREATE FUNCTION slow() RETURNS text LANGUAGE sql AS 'SELECT NULL::text'",
        "CREATE MATERIALIZED VIEW slowly AS SELECT slow()",
        "CREATE OR REPLACE FUNCTION slow() RETURNS text LANGUAGE sql"
            + " AS 'SELECT pg_sleep(3600)::text'");
    assertThat(during("--section=post-data", Thread::interrupt))
        .isInstanceOf(InterruptedException.class);
  }

  /** Done to the thread that cuts. */
  private interface Disturbance {
    void to(Thread cutter) throws Exception;
  }

  /** Disturbs a copy while this program of ours runs, which waits for a lock if it is pg_dump. */
  private Throwable during(String program, Disturbance disturbance) throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread cutter =
        Thread.ofPlatform()
            .unstarted(
                () -> failure.set(catchThrowable(() -> cut(Dumped.source(stage, "dumper")))));
    boolean dump = program.equals("pg_dump");
    try (Connection locker = stage.production().connect("postgres", "postgres");
        Statement statement = locker.createStatement()) {
      locker.setAutoCommit(false);
      if (dump) {
        statement.execute("LOCK TABLE fine IN ACCESS EXCLUSIVE MODE");
      }
      cutter.start();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (Dumped.tools(program).isEmpty() || (dump && !waits())) {
        assertThat(cutter.isAlive()).as("%s", failure).isTrue();
        assertThat(System.nanoTime()).isLessThan(deadline);
        Thread.sleep(20);
      }
      disturbance.to(cutter);
      assertThat(cutter.join(PATIENCE)).isTrue();
      assertThat(Dumped.tools("pg_")).isEmpty();
      stage.nothingIsLeft();
    } catch (SQLException e) {
      // Production was stopped, and the lock with it.
      assertThat(stage.production().isRunning()).isFalse();
    }
    return failure.get();
  }

  /** Within a transaction it would always be told the same. */
  private boolean waits() throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres")) {
      return Bank.number(
              connection,
              "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'understudy'"
                  + " AND wait_event_type = 'Lock'")
          > 0;
    }
  }

  private Snapshot cut(Source source) throws Exception {
    return stage.cutter().cut(stage.mirror(source), CopyListener.silent());
  }
}
