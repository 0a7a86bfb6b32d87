package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.cloner.postgres.PostgresBinaries;
import dev.understudy.cloner.postgres.Workbench;
import dev.understudy.cloner.production.Production;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.cloner.survey.Survey;
import dev.understudy.config.MinFree;
import dev.understudy.config.Secret;
import dev.understudy.config.SourceType;
import dev.understudy.config.SourceType.Collations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What production lacks is told before anything is copied, and what helps, helps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
final class StandbyPreflightIT {
  private StandbyStage stage;

  @BeforeAll
  void open() throws Exception {
    stage = StandbyStage.open(Map.of());
  }

  @AfterAll
  void close() throws Exception {
    stage.close();
  }

  private SourceException failure(SourceType.Standby settings) throws Exception {
    SourceException failure = stage.failure(stage.source(settings));
    assertThat(ReplicaPlace.of(stage.workbench().directory(), "prod").generations()).isEmpty();
    assertThat(stage.production().number("SELECT count(*) FROM pg_replication_slots")).isZero();
    return failure;
  }

  /** What `understudy up` says of it, which dumps instead. */
  private String surveyed() throws Exception {
    Survey survey = Survey.of(new Secret(stage.production().url().value() + " dbname=postgres"));
    assertThat(survey.obstacle() == null).isEqualTo(survey.describe().contains("will follow it"));
    return survey.describe();
  }

  private SourceException failure() throws Exception {
    return failure(new SourceType.Standby(stage.production().url()));
  }

  private StandbyPreflight.Passed check(SourceType.Standby settings, boolean isolated, Pool pool)
      throws Exception {
    Production production = stage.productionAsSeen();
    try (Connection connection = production.connect(Duration.ofSeconds(20))) {
      return new StandbyPreflight(production, connection, settings, isolated)
          .check(major -> Optional.of(stage.workbench().binaries()), pool);
    }
  }

  @Test
  void wrongPassword() throws Exception {
    SourceException failure =
        failure(
            new SourceType.Standby(
                new Secret(stage.production().url().value().replace(StandbyStage.MARK, "other"))));

    assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
    assertThat(failure.hint()).contains("Correct user and password in url");
  }

  @Test
  void nobodyThere() throws Exception {
    SourceException failure =
        failure(new SourceType.Standby(new Secret("postgresql://u@127.0.0.1:1/postgres")));

    assertThat(failure).hasMessageContaining("cannot be reached");
    assertThat(failure.detail()).contains("127.0.0.1:1");
    assertThat(failure.hint()).contains("listen_addresses");
  }

  @Test
  void missingLinesOfPgHba() throws Exception {
    Path hba = stage.production().server().dataDirectory().resolve("pg_hba.conf");
    String before = Files.readString(hba);
    stage.production().reload("local all all trust\n");
    try {
      String all = addedLine(failure(), "host all \"understudy\" 127.0.0.1/32 scram-sha-256");
      Files.writeString(hba, all, StandardOpenOption.APPEND);
      stage.production().execute("SELECT pg_reload_conf()");
      StandbyStage.await("reloaded", () -> mayConnect());

      assertThat(surveyed())
          .contains(
              "it will be dumped, as production takes no replication connection from here. For a"
                  + " standby: ")
          .endsWith("host replication \"understudy\" 127.0.0.1/32 scram-sha-256");
      String line =
          addedLine(failure(), "host replication \"understudy\" 127.0.0.1/32 scram-sha-256");
      Files.writeString(hba, line, StandardOpenOption.APPEND);
      stage.production().execute("SELECT pg_reload_conf()");
      StandbyStage.await("passed", () -> passes());
      assertThat(surveyed()).endsWith("a standby of our own will follow it");
    } finally {
      stage.production().reload(before);
    }
  }

  private static String addedLine(SourceException failure, String line) {
    assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
    assertThat(failure.hint()).contains("Add this line to production's pg_hba.conf").endsWith(line);
    return line + "\n";
  }

  private boolean mayConnect() {
    try (Connection connection = stage.productionAsSeen().connect(Duration.ofSeconds(5))) {
      return connection.isValid(5);
    } catch (Exception e) {
      return false;
    }
  }

  private boolean passes() {
    try {
      return check(new SourceType.Standby(stage.production().url()), true, stage.pool())
          .superuser()
          .equals("postgres");
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void roleThatMayNotReplicate() throws Exception {
    stage.production().execute("ALTER ROLE understudy NOREPLICATION");

    SourceException failure = failure();

    assertThat(failure.kind()).isEqualTo(Kind.PRIVILEGES);
    assertThat(failure.hint()).endsWith("ALTER ROLE understudy REPLICATION;");
    assertThat(surveyed())
        .contains("it will be dumped, as role understudy may not replicate. For a standby: ")
        .endsWith("ALTER ROLE understudy REPLICATION;");
    stage.production().execute("ALTER ROLE understudy REPLICATION;");
    assertThat(passes()).isTrue();
  }

  @Test
  void walLevelAndSenders() throws Exception {
    restart("ALTER SYSTEM SET wal_level = 'minimal'", "ALTER SYSTEM SET max_wal_senders = 0");
    assertThat(failure()).hasMessageContaining("wal_level is minimal");
    assertThat(surveyed()).contains("dumped, as production's wal_level is minimal. For a standby:");

    restart("ALTER SYSTEM SET wal_level = 'replica'", "ALTER SYSTEM SET max_wal_senders = 1");
    SourceException senders = failure();
    assertThat(senders).hasMessageContaining("too few WAL senders");
    assertThat(senders.detail())
        .isEqualTo("max_wal_senders is 1, and 0 are in use; a base backup needs two.");

    assertThat(surveyed())
        .contains("dumped, as production has too few WAL senders left. For a standby:")
        .endsWith("ALTER SYSTEM SET max_wal_senders = 10; and restart production.");

    restart("ALTER SYSTEM SET max_wal_senders = 10");
    assertThat(passes()).isTrue();
  }

  private void restart(String... statements) throws Exception {
    stage.production().execute(statements);
    stage.production().server().stop();
    stage.production().server().start();
  }

  @Test
  void commitsThatWouldWaitForUs() throws Exception {
    for (String names : List.of("*", "FIRST 1 (other, \"Understudy\")")) {
      stage
          .production()
          .execute(
              "ALTER SYSTEM SET synchronous_standby_names = '" + names + "'",
              "SELECT pg_reload_conf()");
      try {
        StandbyStage.await("reloaded", () -> !passes());
        assertThat(failure()).hasMessage("production's commits would wait for our standby");
        assertThat(surveyed()).contains("dumped, as production's commits would wait");
      } finally {
        stage
            .production()
            .execute("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
        StandbyStage.await("reloaded", this::passes);
      }
    }
  }

  @Test
  void slotWithoutALimit() throws Exception {
    SourceException failure =
        failure(
            new SourceType.Standby(
                stage.production().url(), null, null, "ours", Collations.REFUSE));

    assertThat(failure.kind()).isEqualTo(Kind.SETTINGS);
    assertThat(failure).hasMessage("a slot on production could fill its disk");
    assertThat(failure.hint()).contains("ALTER SYSTEM SET max_slot_wal_keep_size = '10GB';");
  }

  @Test
  void programsThatAreNotHere() throws Exception {
    assertThat(stage.failure(stage.source(major -> Optional.empty())))
        .hasMessage("PostgreSQL " + StandbyStage.MAJOR + " is not installed here");
    PostgresBinaries bare = new PostgresBinaries(Workbench.embedded(), StandbyStage.MAJOR * 10_000);
    SourceException failure = stage.failure(stage.source(major -> Optional.of(bare)));
    assertThat(failure)
        .hasMessage("there is no pg_basebackup of PostgreSQL " + StandbyStage.MAJOR + " here");
    assertThat(failure.hint()).contains("postgresql-client-" + StandbyStage.MAJOR);
  }

  @Test
  void whatIsToStayFreeIsNotRoomForACopy() throws Exception {
    MinFree all = new MinFree.Size(stage.pool().freeBytes() - (100L << 20));
    Pool pool = PoolProbe.choose(stage.workbench().directory(), () -> all).pool();
    SourceException failure =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            SourceException.class,
            () -> check(new SourceType.Standby(stage.production().url()), true, pool));

    assertThat(failure.kind()).isEqualTo(Kind.SPACE);
    assertThat(failure.detail()).endsWith("have to stay free (pool.min-free).");
  }

  @Test
  void noSandboxBesideProduction() throws Exception {
    SourceException failure =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            SourceException.class,
            () -> check(new SourceType.Standby(stage.production().url()), false, stage.pool()));

    assertThat(failure.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(failure).hasMessageContaining("needs a sandbox");
  }

  @Test
  void extensionsLibrariesAndSettingsThatWillLackAreWarnings() throws Exception {
    stage
        .production()
        .execute(
            "CREATE DATABASE maps",
            "CREATE ROLE tracer",
            "ALTER ROLE tracer SET local_preload_libraries = 'auto_explain', 'plugins/tracing'",
            "ALTER ROLE tracer IN DATABASE maps SET session_preload_libraries = 'hints'");
    try (Connection inside = stage.production().server().connect("maps", "postgres");
        var statement = inside.createStatement()) {
      statement.execute("UPDATE pg_extension SET extname = 'nowhere' WHERE extname = 'plpgsql'");
    }

    assertThat(
            check(new SourceType.Standby(stage.production().url()), true, stage.pool()).warnings())
        .anySatisfy(line -> assertThat(line).contains("GRANT pg_read_all_settings TO understudy;"))
        .anySatisfy(line -> assertThat(line).startsWith("database maps: ").endsWith("nowhere"))
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("production preloads libraries that are not installed here")
                .endsWith(": plugins/tracing, hints"));
    stage.production().execute("DROP DATABASE maps", "DROP ROLE tracer");
  }

  @Test
  void anotherCLibrary() throws Exception {
    stage
        .production()
        .execute("UPDATE pg_database SET datcollversion = '1.1' WHERE datname = 'postgres'");
    try {
      SourceException failure = failure();

      assertThat(failure).hasMessage("this host sorts texts otherwise than production");
      assertThat(failure.detail()).contains("than here (glibc ").contains("postgres (1.1)");
      assertThat(surveyed()).contains("dumped, as this host sorts texts otherwise");
    } finally {
      stage
          .production()
          .execute("UPDATE pg_database SET datcollversion = NULL WHERE datname = 'postgres'");
    }
  }

  /** Told by a cluster that is made of what is installed here. */
  @Test
  void anotherIcu() throws Exception {
    String locale = "de-u-co-phonebk";
    stage
        .production()
        .execute(
            "CREATE COLLATION phone (provider = icu, locale = '%s')".formatted(locale),
            "CREATE TABLE subscriber (name text COLLATE phone)",
            "CREATE INDEX ON subscriber (name)");
    try {
      Map<String, String> here =
          new IcuCollations(
                  stage.workbench().servers(),
                  stage.pool(),
                  stage.workbench().binaries(),
                  stage.workbench().directory().resolve("asked"),
                  stage.workbench().directory().resolve("icu"))
              .here(List.of(locale, "nothing at all"));
      assertThat(here)
          .containsEntry(
              locale,
              stage
                  .production()
                  .text("SELECT collversion FROM pg_collation WHERE collname = 'phone'"));

      stage
          .production()
          .execute("UPDATE pg_collation SET collversion = '1.1' WHERE collname = 'phone'");
      SourceException failure = failure();

      assertThat(failure).hasMessage("this host sorts texts otherwise than production");
      assertThat(failure.detail()).contains("than here (ICU): postgres: public.phone (1.1).");
    } finally {
      stage.production().execute("DROP TABLE subscriber", "DROP COLLATION phone");
    }
  }

  @Test
  void anotherCLibraryForAnIndex() throws Exception {
    stage
        .production()
        .execute(
            "CREATE COLLATION own (provider = libc, locale = 'C.utf8')",
            "CREATE TABLE subscriber (name text COLLATE own)",
            "CREATE INDEX ON subscriber (name)",
            "UPDATE pg_collation SET collversion = '1.1' WHERE collname = 'own'");
    try {
      assertThat(failure().detail())
          .contains("than here (glibc ")
          .contains("postgres: public.own (1.1)");
    } finally {
      stage.production().execute("DROP TABLE subscriber", "DROP COLLATION own");
    }
  }
}
