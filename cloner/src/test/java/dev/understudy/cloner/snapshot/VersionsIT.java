package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.source.CopyListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The way from production to its clones with the versions of PostgreSQL that other tests do not
 * run.
 */
class VersionsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path parent;

  @ParameterizedTest
  @ValueSource(ints = {14, 16, 17})
  void clonesAreMadeOf(int major) throws Exception {
    try (Stage stage =
        Stage.open(
            parent,
            major,
            Map.of(
                "wal_level", "logical",
                "max_prepared_transactions", "5",
                "random_page_cost", "1.25",
                "default_tablespace", "fast"))) {
      prepare(stage, major);
      Snapshot snapshot = stage.cutter().cut(stage.mirror(), CopyListener.silent());
      assertThat(snapshot.major()).isEqualTo(major);
      assertThat(snapshot.findings())
          .extracting(Finding::kind)
          .contains(
              Finding.Kind.SUBSCRIPTION,
              Finding.Kind.REPLICATION_SLOT,
              Finding.Kind.PREPARED_TRANSACTION,
              Finding.Kind.EVENT_TRIGGER,
              Finding.Kind.UNLOGGED_RELATION);
      TablespacesIT.holdsNoLink(snapshot.data());
      RunningServer first = stage.startClone(snapshot, "first");
      RunningServer second = stage.startClone(snapshot, "second");
      readsAndWrites(first, major);
      first.kill();
      first = stage.start("first");
      assertThat(rows(first)).isEqualTo(2000);
      assertThat(rows(second)).isEqualTo(1000);
      readsAndWrites(second, major);
      assertThat(first.stop(PATIENCE)).isTrue();
      assertThat(second.stop(PATIENCE)).isTrue();
      assertThat(Files.readString(stage.log())).doesNotContain("statistics collector", "PANIC");
    }
  }

  private void prepare(Stage stage, int major) throws Exception {
    Path place = stage.place(parent.resolve("fast"));
    stage.execute("CREATE TABLESPACE fast LOCATION '" + place + "'");
    stage.execute(
        "CREATE TABLE t AS SELECT i, repeat('x', i) AS x FROM generate_series(1, 1000) i");
    stage.execute("CREATE UNLOGGED TABLE cache AS SELECT 1 AS i");
    stage.execute(
        "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect ="
            + " false, slot_name = 'precious')");
    stage.execute("SELECT pg_create_physical_replication_slot('ours', true)");
    stage.execute("SELECT pg_create_logical_replication_slot('theirs', 'pgoutput')");
    stage.execute(
        "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF"
            + " current_setting('is_superuser') = 'off' THEN RAISE 'not now'; END IF; END $$");
    stage.execute("CREATE EVENT TRIGGER watched ON ddl_command_start EXECUTE FUNCTION watch()");
    if (major >= 17) {
      stage.execute("CREATE EVENT TRIGGER entered ON login EXECUTE FUNCTION watch()");
    }
    try (Connection connection = stage.production().connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE t IN SHARE MODE");
      statement.execute("PREPARE TRANSACTION 'waiting'");
    }
  }

  private static void readsAndWrites(RunningServer clone, int major) throws SQLException {
    try (Connection connection = connect(clone);
        Statement statement = connection.createStatement()) {
      assertThat(Bank.number(connection, "SELECT count(*) FROM cache")).isZero();
      assertThat(Bank.number(connection, "SELECT count(*) FROM pg_replication_slots")).isZero();
      assertThat(Bank.number(connection, "SELECT count(*) FROM pg_subscription")).isZero();
      statement.execute("CREATE TABLE made AS SELECT * FROM t");
      statement.execute("INSERT INTO t SELECT * FROM made");
      statement.execute("ALTER TABLE made SET TABLESPACE pg_default");
      statement.execute("ALTER TABLE made SET TABLESPACE fast");
      statement.execute("VACUUM (FULL) t");
      assertThat(show(statement, "SHOW wal_level")).isEqualTo("logical");
      assertThat(show(statement, "SHOW random_page_cost")).isEqualTo("1.25");
      assertThat(show(statement, "SHOW track_counts")).isEqualTo("on");
      assertThat(show(statement, "SELECT pg_relation_filepath('made')")).startsWith("pg_tblspc/");
      if (major > 13) {
        assertThat(
                show(
                    statement,
                    "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'fast'"))
            .startsWith("pg_tblspc/");
      }
    }
  }

  private static long rows(RunningServer clone) throws SQLException {
    try (Connection connection = connect(clone)) {
      return Bank.number(connection, "SELECT count(*) FROM t");
    }
  }

  private static String show(Statement statement, String query) throws SQLException {
    try (var row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Connection connect(RunningServer clone) throws SQLException {
    return Sql.connect(clone.socket(), "postgres", "postgres", PATIENCE);
  }
}
