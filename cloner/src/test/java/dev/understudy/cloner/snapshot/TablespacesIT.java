package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.ServerConfiguration;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.source.CopyListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A production server, under load, whose databases lie in tablespaces; and clones of it. */
class TablespacesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path parent;

  @ParameterizedTest
  @ValueSource(ints = {18, 15})
  void comeAlongInsideTheDataDirectory(int major) throws Exception {
    try (Stage stage = Stage.open(parent, major, Map.of("default_tablespace", "fast"))) {
      create(stage, "fast", parent.resolve("fast"));
      create(stage, "large", parent.resolve("large"));
      create(stage, "nested", stage.production().dataDirectory().resolve("base/nested"));
      stage.execute("CREATE DATABASE bank TABLESPACE large");
      stage.execute("ALTER DATABASE bank SET temp_tablespaces = 'fast'");
      stage.execute("CREATE TABLE within TABLESPACE nested AS SELECT generate_series(1, 50000) i");
      stage.execute("CREATE UNLOGGED TABLE cache TABLESPACE fast AS SELECT 1 AS i");
      Snapshot snapshot;
      try (Bank bank = Bank.open(stage.production(), "bank")) {
        inBank(stage, "ALTER TABLE account SET TABLESPACE fast");
        inBank(stage, "ALTER INDEX account_pkey SET TABLESPACE nested");
        while (bank.committed() < 50) {
          Thread.onSpinWait();
        }
        snapshot = stage.cutter().cut(stage.mirror(), CopyListener.silent());
      }
      holdsNoLink(snapshot.data());
      assertThat(snapshot.data().resolve("base/nested")).isEmptyDirectory();
      RunningServer first = stage.startClone(snapshot, "first");
      RunningServer second = stage.startClone(snapshot, "second");
      try (Connection other = connect(second, "bank")) {
        isConsistent(stage, snapshot, other);
        change(first);
        changeDatabases(first);
        assertThat(Bank.number(other, "SELECT sum(balance) FROM account"))
            .isEqualTo(Bank.ACCOUNTS * Bank.BALANCE);
        try (Connection production = stage.production().connect("bank", "postgres")) {
          assertThat(Bank.number(production, "SELECT sum(balance) FROM account"))
              .isEqualTo(Bank.ACCOUNTS * Bank.BALANCE);
        }
        first.kill();
        first = stage.start("first");
        try (Connection again = connect(first, "bank")) {
          assertThat(Bank.number(again, "SELECT count(*) FROM account")).isZero();
        }
      } finally {
        first.stop(PATIENCE);
        second.stop(PATIENCE);
      }
      holdsNoLink(stage.data("first"));
    }
  }

  /** Its files lie where a standby of it needs them, and nowhere else. */
  @Test
  void standbysCanBeMadeOfAClone() throws Exception {
    Path home = Stage.home(15);
    assumeTrue(Files.exists(home.resolve("bin/pg_basebackup")), "pg_basebackup is not installed");
    try (Stage stage = Stage.open(parent, 15, Map.of())) {
      create(stage, "fast", parent.resolve("fast"));
      stage.execute("CREATE TABLE t TABLESPACE fast AS SELECT generate_series(1, 1000) i");
      RunningServer clone =
          stage.startClone(stage.cutter().cut(stage.mirror(), CopyListener.silent()), "first");
      Path copy = stage.data("second");
      Files.createDirectories(requireNonNull(copy.getParent()));
      try {
        LoopFileSystem.run(
            home.resolve("bin/pg_basebackup").toString(),
            "--host=" + clone.socket().getParent(),
            "--username=postgres",
            "--checkpoint=fast",
            "--pgdata=" + copy);
      } finally {
        clone.stop(PATIENCE);
      }
      LoopFileSystem.run(home.resolve("bin/pg_verifybackup").toString(), copy.toString());
      holdsNoLink(copy);
      stage.servers().configure(copy, new ServerConfiguration(false, Map.of()));
      Files.createFile(copy.resolve("recovery.signal"));
      RunningServer second = stage.start("second", Map.of("restore_command", "exit 1"));
      try (Connection connection = connect(second, "postgres")) {
        assertThat(Bank.number(connection, "SELECT count(*) FROM t")).isEqualTo(1000);
      } finally {
        second.stop(PATIENCE);
      }
    }
  }

  private static void create(Stage stage, String name, Path location) throws Exception {
    stage.place(location);
    stage.execute("CREATE TABLESPACE %s LOCATION '%s'".formatted(name, location));
  }

  private static void inBank(Stage stage, String sql) throws SQLException {
    try (Connection connection = stage.production().connect("bank", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect(RunningServer clone, String database) throws SQLException {
    return Sql.connect(clone.socket(), database, "postgres", PATIENCE);
  }

  private static void isConsistent(Stage stage, Snapshot snapshot, Connection clone)
      throws SQLException {
    assertThat(Bank.number(clone, "SELECT sum(balance) FROM account"))
        .isEqualTo(Bank.ACCOUNTS * Bank.BALANCE);
    assertThat(Bank.number(clone, "SELECT count(*) FROM cache")).isZero();
    try (Connection production = stage.production().connect("bank", "postgres")) {
      assertThat(Bank.number(clone, "SELECT count(*) FROM journal"))
          .isPositive()
          .isGreaterThanOrEqualTo(
              Bank.journalUntil(production, snapshot.dataTime().minusMillis(500)));
    }
  }

  /** What can be done with tablespaces in production can be done in a clone. */
  private static void change(RunningServer clone) throws SQLException {
    try (Connection connection = connect(clone, "bank");
        Statement statement = connection.createStatement()) {
      assertThat(text(statement, "SHOW default_tablespace")).isEqualTo("fast");
      assertThat(text(statement, "SHOW temp_tablespaces")).isEqualTo("fast");
      assertThat(
              text(
                  statement,
                  "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = 'fast'"))
          .startsWith("pg_tblspc/");
      statement.execute("CREATE TABLE made AS SELECT i FROM generate_series(1, 1000) i");
      statement.execute("CREATE TEMP TABLE passing AS SELECT i FROM generate_series(1, 1000) i");
      for (String table : List.of("made", "passing")) {
        assertThat(text(statement, "SELECT pg_relation_filepath('" + table + "')"))
            .startsWith("pg_tblspc/");
      }
      statement.execute("ALTER TABLE made SET TABLESPACE pg_default");
      statement.execute("ALTER TABLE made SET TABLESPACE large");
      statement.execute("ALTER TABLE account SET TABLESPACE large");
      statement.execute("ALTER INDEX account_pkey SET TABLESPACE fast");
      statement.execute("VACUUM (FULL) account");
      statement.execute("REINDEX TABLE account");
      statement.execute("DELETE FROM account");
    }
  }

  private static void changeDatabases(RunningServer clone) throws SQLException {
    try (Connection connection = connect(clone, "postgres");
        Statement statement = connection.createStatement()) {
      assertThat(Bank.number(connection, "SELECT count(*) FROM within")).isEqualTo(50_000);
      assertThat(Bank.number(connection, "SELECT count(*) FROM cache")).isZero();
      assertThatThrownBy(() -> statement.execute("DROP TABLESPACE nested"))
          .hasMessageContaining("is not empty");
      statement.execute("DROP TABLE within");
      statement.execute("DROP TABLESPACE nested");
      statement.execute("ALTER DATABASE bank SET TABLESPACE pg_default");
      statement.execute("CREATE TABLESPACE another LOCATION ''");
      statement.execute("CREATE TABLE elsewhere TABLESPACE another AS SELECT 1");
    }
  }

  private static String text(Statement statement, String query) throws SQLException {
    try (var row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  static void holdsNoLink(Path tree) throws Exception {
    try (Stream<Path> files = Files.walk(tree)) {
      assertThat(files.filter(Files::isSymbolicLink)).isEmpty();
    }
    try (Stream<Path> tablespaces = Files.list(tree.resolve("pg_tblspc"))) {
      assertThat(tablespaces).isNotEmpty().allMatch(Files::isDirectory);
    }
  }
}
