package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.postgres.PgControl;
import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.postgres.SqlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots of a production server that is written to all the time. */
class SnapshotIT {
  private static final String HOSTILE = "O'Brien \"quoted\" \\ line\nbreak ünï \uD83D\uDE00 %s";

  @TempDir Path parent;

  @ParameterizedTest
  @ValueSource(ints = {18, 15})
  void showsProductionAsItWasAndKeepsItsPasswordsOut(int major) throws Exception {
    try (Stage stage =
        Stage.open(
            parent,
            major,
            Map.of(
                "random_page_cost", "1.25",
                "work_mem", "5MB",
                "timezone", "Asia/Tokyo",
                "max_connections", "57",
                "max_prepared_transactions", "5",
                "log_directory", "/var/log/nobody"))) {
      prepare(stage);
      List<String> verifiers = verifiers(stage);
      assertThat(verifiers).hasSize(4);
      long checkpoints = checkpoints(stage, major);
      Snapshot snapshot;
      try (Bank bank = Bank.open(stage.production(), "postgres")) {
        while (bank.committed() < 50) {
          Thread.onSpinWait();
        }
        long[] last = new long[3];
        long before = bank.committed();
        snapshot =
            stage
                .cutter()
                .cut(
                    new FarMirror(
                        stage.mirror(), Map.of("lc_messages", "xx_YY.UTF-8", "lc_time", "POSIX")),
                    (files, bytes, total) -> {
                      last[0] = files;
                      last[1] = bytes;
                      last[2] = total;
                    });
        assertThat(last[0]).isPositive();
        assertThat(last[1]).isGreaterThan(last[2] / 2);
        System.out.printf(
            "PostgreSQL %d: production committed %d transfers meanwhile, made %d checkpoints%n",
            major, bank.committed() - before, checkpoints(stage, major) - checkpoints);
      }
      productionIsAsItWas(stage);
      describesItself(snapshot, major, verifiers);
      isSealed(stage, snapshot);
      holdsNoneOf(snapshot, verifiers);
      clonesStartWithoutRecovery(stage, snapshot);
      assertThat(
              SnapshotStore.open(stage.workbench().directory(), stage.pool(), stage.servers())
                  .all())
          .containsExactly(snapshot);
    }
  }

  private static void prepare(Stage stage) throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE ROLE app LOGIN PASSWORD 'secret one' VALID UNTIL '2031-02-03 04:05:06Z'");
      statement.execute("CREATE ROLE \"nothing\" LOGIN");
      statement.execute("CREATE ROLE forever LOGIN PASSWORD 'two' VALID UNTIL 'infinity'");
      statement.execute("CREATE ROLE expired LOGIN PASSWORD 'three' VALID UNTIL '-infinity'");
      statement.execute(
          "CREATE ROLE %s LOGIN SUPERUSER PASSWORD 'four'".formatted(SqlText.identifier(HOSTILE)));
      statement.execute("CREATE DATABASE %s OWNER app".formatted(SqlText.identifier(HOSTILE)));
      statement.execute("CREATE DATABASE closed ALLOW_CONNECTIONS false");
      statement.execute("ANALYZE pg_authid");
      statement.execute("ALTER DATABASE template1 SET statement_timeout = '1ms'");
      statement.execute("ALTER DATABASE template1 SET idle_session_timeout = '2s'");
      statement.execute("CREATE DATABASE broken");
    }
    try (Connection connection =
            Sql.connect(stage.production().socket(), HOSTILE, "postgres", Duration.ofSeconds(30));
        Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE pg_authid");
      statement.execute("CREATE TABLE waiting (i int)");
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO waiting VALUES (1)");
      statement.execute("ALTER ROLE expired CONNECTION LIMIT 3");
      statement.execute("PREPARE TRANSACTION 'it''s \\ waiting'");
      connection.setAutoCommit(true);
      statement.execute("ALTER ROLE app PASSWORD 'secret five'");
      statement.execute(
          "ALTER DATABASE %s SET default_transaction_read_only = on"
              .formatted(SqlText.identifier(HOSTILE)));
    }
    breakDatabase(stage);
  }

  /** As an interrupted DROP DATABASE leaves it. */
  private static void breakDatabase(Stage stage) throws SQLException {
    try (Connection connection = stage.production().connect("broken", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("ANALYZE pg_authid");
      statement.execute("UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'broken'");
      statement.execute("CHECKPOINT");
    }
  }

  private static List<String> verifiers(Stage stage) throws SQLException {
    List<String> verifiers = new ArrayList<>();
    try (Connection connection = stage.production().connect("postgres", "postgres")) {
      Catalog.roles(connection)
          .forEach(role -> {
            if (role.verifier() != null) {
              verifiers.add(role.verifier());
            }
          });
    }
    return verifiers;
  }

  private static long checkpoints(Stage stage, int major) throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres")) {
      return Bank.number(
          connection,
          major >= 17
              ? "SELECT num_timed + num_requested FROM pg_stat_checkpointer"
              : "SELECT checkpoints_timed + checkpoints_req FROM pg_stat_bgwriter");
    }
  }

  private static void productionIsAsItWas(Stage stage) throws SQLException {
    try (Connection connection = stage.production().connect("postgres", "postgres")) {
      assertThat(Bank.number(connection, "SELECT count(*) FROM pg_replication_slots")).isZero();
      assertThat(
              Bank.number(
                  connection,
                  "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'understudy'"))
          .isZero();
      assertThat(Files.exists(stage.production().dataDirectory().resolve("backup_label")))
          .isFalse();
    }
  }

  private static void describesItself(Snapshot snapshot, int major, List<String> verifiers) {
    assertThat(snapshot.major()).isEqualTo(major);
    assertThat(snapshot.source()).isEqualTo("prod");
    assertThat(snapshot.superuser()).isEqualTo("postgres");
    assertThat(snapshot.id()).matches("[a-z0-9]{1,12}");
    assertThat(snapshot.dataTime()).isBefore(Instant.now());
    assertThat(snapshot.databases())
        .noneMatch(database -> database.name().equals("broken"))
        .contains(
            new Snapshot.Database(HOSTILE, "app", true, false),
            new Snapshot.Database("closed", "postgres", false, false),
            new Snapshot.Database("template0", "postgres", false, true));
    assertThat(snapshot.roles())
        .extracting(Snapshot.Role::verifier)
        .containsAll(verifiers)
        .containsNull();
    assertThat(role(snapshot, "app").validUntil()).isEqualTo(Instant.parse("2031-02-03T04:05:06Z"));
    assertThat(role(snapshot, "forever").validUntil()).isNull();
    assertThat(role(snapshot, "expired").validUntil()).isBefore(Instant.now());
    assertThat(role(snapshot, HOSTILE).superuser()).isTrue();
    assertThat(snapshot.settings())
        .containsEntry("random_page_cost", "1.25")
        .containsEntry("work_mem", "5120")
        .containsEntry("max_connections", "57")
        .containsEntry("TimeZone", "Asia/Tokyo")
        .containsEntry("lc_messages", "C")
        .containsEntry("lc_time", "POSIX")
        .doesNotContainKeys("log_directory", "data_directory", "port", "unix_socket_directories");
    assertThat(snapshot.findings())
        .filteredOn(finding -> finding.name().startsWith("lc_"))
        .containsExactly(
            new Finding(
                Finding.Kind.SETTING,
                null,
                "lc_messages",
                "C in clones: its locale is not installed here"));
  }

  private static Snapshot.Role role(Snapshot snapshot, String name) {
    return snapshot.roles().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow();
  }

  private static void isSealed(Stage stage, Snapshot snapshot) throws Exception {
    PgControl control = PgControl.read(snapshot.data());
    assertThat(control.state()).isEqualTo(PgControl.State.SHUT_DOWN);
    assertThat(control.timeline()).isEqualTo(2);
    try (var files = Files.list(snapshot.data().resolve("pg_wal"))) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.length() == 24))
          .hasSize(1);
    }
    for (String name :
        List.of("backup_label", "backup_label.old", "recovery.signal", "postmaster.pid")) {
      assertThat(snapshot.data().resolve(name)).doesNotExist();
    }
    try (var files = Files.list(snapshot.directory())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("data", "snapshot.json");
    }
    assertThat(stage.workbench().directory().resolve("run")).isEmptyDirectory();
    assertThat(Files.getPosixFilePermissions(snapshot.directory().resolve("snapshot.json")))
        .hasSize(2);
  }

  /** Also not in base64's parts: salt and keys. */
  private static void holdsNoneOf(Snapshot snapshot, List<String> verifiers) throws Exception {
    List<byte[]> needles = new ArrayList<>();
    for (String verifier : verifiers) {
      for (String part : verifier.substring("SCRAM-SHA-256$4096:".length()).split("[$:]", -1)) {
        assertThat(part.length()).isGreaterThan(20);
        needles.add(part.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    try (var files = Files.walk(snapshot.data())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] content = Files.readAllBytes(file);
        for (byte[] needle : needles) {
          assertThat(indexOf(content, needle)).as(file.toString()).isEqualTo(-1);
        }
      }
    }
  }

  /** So that a clone can be asked whether a password was set in it. */
  private static void rolesHaveWhatTheKeyMakes(Snapshot snapshot, Connection clone)
      throws SQLException {
    String key = snapshot.replacementKey();
    assertThat(key).isNotNull();
    for (Snapshot.Role role : Catalog.roles(clone)) {
      assertThat(role.verifier())
          .as(role.name())
          .isEqualTo(
              role(snapshot, role.name()).verifier() == null
                  ? null
                  : ReplacementKey.verifier(key, role.name()));
    }
  }

  static int indexOf(byte[] content, byte[] needle) {
    return new String(content, java.nio.charset.StandardCharsets.ISO_8859_1)
        .indexOf(new String(needle, java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  private static void clonesStartWithoutRecovery(Stage stage, Snapshot snapshot) throws Exception {
    RunningServer clone = stage.startClone(snapshot);
    try (Connection connection =
        Sql.connect(clone.socket(), "postgres", "postgres", Duration.ofSeconds(30))) {
      assertThat(Files.readString(stage.log()))
          .contains("database system was shut down at")
          .doesNotContain("redo starts", "not properly shut down", "recovery");
      assertThat(Bank.number(connection, "SELECT sum(balance) FROM account"))
          .isEqualTo(Bank.ACCOUNTS * Bank.BALANCE);
      assertThat(Bank.number(connection, "SELECT count(*) FROM cache")).isZero();
      rolesHaveWhatTheKeyMakes(snapshot, connection);
      long copied = Bank.number(connection, "SELECT count(*) FROM journal");
      try (Connection production = stage.production().connect("postgres", "postgres")) {
        assertThat(copied)
            .isPositive()
            .isGreaterThanOrEqualTo(
                Bank.journalUntil(production, snapshot.dataTime().minusMillis(500)));
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE EXTENSION IF NOT EXISTS plpgsql");
        statement.execute("REINDEX TABLE account");
      }
    } finally {
      assertThat(clone.stop(Duration.ofSeconds(30))).isTrue();
    }
  }
}
