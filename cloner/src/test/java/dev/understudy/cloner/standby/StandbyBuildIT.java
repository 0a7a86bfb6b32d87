package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.source.LeftBehind;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.SourceType;
import dev.understudy.config.SourceType.Collations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Base backups that are disturbed leave nothing; slots come and go with the settings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
final class StandbyBuildIT {
  /** In kB/s, the slowest: it would take minutes. */
  private static final int CRAWLING = 32;

  /** Whom nothing has to be taken from: no server uses the slot. */
  private static final SlotUpkeep.Release NOBODY = () -> {};

  private StandbyStage stage;

  @BeforeAll
  void open() throws Exception {
    stage = StandbyStage.open(Map.of("max_slot_wal_keep_size", "1GB"));
    stage.execute("CREATE TABLE seen (i int)", "INSERT INTO seen VALUES (1)");
  }

  @AfterEach
  void removeReplica() throws Exception {
    stage.removeReplicas();
    assertThat(slots()).isZero();
  }

  @AfterAll
  void close() throws Exception {
    stage.close();
  }

  private SourceType.Standby settings(@Nullable Integer rate, @Nullable String slot) {
    return new SourceType.Standby(stage.url(), rate, null, slot, Collations.REFUSE);
  }

  private long slots() throws Exception {
    return stage.number("SELECT count(*) FROM pg_replication_slots");
  }

  /** A base backup that goes on, and what became of it. */
  private record UnderWay(Thread thread, CompletableFuture<Exception> end) {}

  private UnderWay begin(StandbySource source) throws Exception {
    CompletableFuture<Exception> end = new CompletableFuture<>();
    AtomicLong copied = new AtomicLong();
    Path tree = Files.createDirectory(stage.workbench().directory().resolve("tree"));
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                source.copyInto(tree, (files, bytes, total) -> copied.set(bytes));
                end.complete(new IllegalStateException("it succeeded"));
              } catch (SourceException | InterruptedException e) {
                end.complete(e);
              }
            });
    StandbyStage.await("under way", () -> copied.get() > 0 || end.isDone());
    assertThat(end).isNotDone();
    Files.delete(tree);
    return new UnderWay(thread, end);
  }

  private void nothingIsLeft() throws Exception {
    assertThat(stage.workbench().servers().killAllBelow(stage.replicas())).isZero();
    try (Stream<Path> files = Files.list(stage.replicas().resolve("prod"))) {
      assertThat(files.map(path -> String.valueOf(path.getFileName()))).isSubsetOf("secrets");
    }
    assertThat(stage.workbench().directory().resolve(ReplicaPlace.SOCKETS)).isEmptyDirectory();
    assertThat(slots()).isZero();
    assertThat(stage.number("SELECT count(*) FROM pg_stat_replication")).isZero();
  }

  @Test
  void baseBackupThatIsKilledIsBegunAgain() throws Exception {
    StandbySource slow = stage.source(settings(CRAWLING, "ours"));
    UnderWay backup = begin(slow);
    assertThat(slots()).isEqualTo(1);
    kill("pg_basebackup");

    assertThat(backup.end().get(60, TimeUnit.SECONDS))
        .isInstanceOf(SourceException.class)
        .hasMessage("the base backup of production failed");
    awaitNoSenders();
    nothingIsLeft();

    StandbySource source = stage.source();
    assertThat(stage.ask(stage.cut(source), "postgres", "SELECT count(*) FROM seen")).isEqualTo(1);
    source.shutdown();
  }

  /** Kills the processes of that name that talk to our production, and no other's. */
  private void kill(String name) {
    ProcessHandle.allProcesses()
        .filter(process -> {
          String[] arguments = process.info().arguments().orElse(new String[0]);
          return process.info().command().orElse("").endsWith(name)
              && String.join(" ", arguments).contains("port='" + stage.production().port() + "'");
        })
        .forEach(ProcessHandle::destroyForcibly);
  }

  private void awaitNoSenders() throws Exception {
    StandbyStage.await(
        "senders end",
        () -> {
          try {
            return stage.number("SELECT count(*) FROM pg_stat_replication") == 0;
          } catch (java.sql.SQLException e) {
            return false;
          }
        });
  }

  /** By the cut that finds it so, where nobody else looks after it. */
  @Test
  void standbyThatWasKilledIsStartedAndAskedAnew() throws Exception {
    StandbySource source = stage.source();
    stage.cut(source);
    stage.workbench().servers().killAllBelow(stage.replicas());
    stage.execute("INSERT INTO seen VALUES (2)");
    // It is noticed that it has ended: then its socket goes.
    Path sockets = stage.workbench().directory().resolve(ReplicaPlace.SOCKETS);
    StandbyStage.await("noticed", () -> !hasSocket(sockets));

    assertThat(stage.ask(stage.cut(source), "postgres", "SELECT max(i) FROM seen")).isEqualTo(2);
    stage.execute("DELETE FROM seen WHERE i = 2");
    source.shutdown();
  }

  private static boolean hasSocket(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.anyMatch(file -> file.endsWith(".s.PGSQL.5432"));
    } catch (IOException | UncheckedIOException e) {
      return true; // it is going
    }
  }

  @Test
  void baseBackupThatIsInterruptedEndsSoon() throws Exception {
    UnderWay backup = begin(stage.source(settings(CRAWLING, null)));
    backup.thread().interrupt();

    assertThat(backup.end().get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    awaitNoSenders();
    nothingIsLeft();
  }

  /** What a daemon finds that comes after one that was killed. */
  @Test
  void baseBackupOfAnEarlierDaemonIsEndedAndRemoved() throws Exception {
    UnderWay backup = begin(stage.sourceOfADeadDaemon(settings(CRAWLING, null)));

    StandbySource next = stage.source();

    assertThat(backup.end().get(60, TimeUnit.SECONDS)).isInstanceOf(SourceException.class);
    awaitNoSenders();
    nothingIsLeft();
    assertThat(stage.ask(stage.cut(next), "postgres", "SELECT count(*) FROM seen")).isEqualTo(1);
    next.shutdown();
  }

  @Test
  void slotComesAndGoesWithTheSettings() throws Exception {
    StandbySource with = stage.source(settings(null, "ours"));
    with.begin();
    stage.cut(with);
    StandbyStage.await("slot in use", () -> isActive("ours"));
    with.close();

    StandbySource renamed = stage.source(settings(null, "other"));
    renamed.begin();
    StandbyStage.await("renamed", () -> isActive("other"));
    assertThat(slots()).isEqualTo(1);
    renamed.close();

    StandbySource without = stage.source(settings(null, null));
    without.begin();
    StandbyStage.await("slot gone", () -> !exists("other") && StandbyStage.isConnected(without));
    without.close();
    StandbySource again = stage.source(settings(null, "ours"));
    again.begin();
    StandbyStage.await("slot again", () -> isActive("ours"));
    again.close();

    new ReplicaSweep(stage.workbench().directory(), stage.pool(), stage.workbench().servers())
        .run(Set.of("another"));

    assertThat(slots()).isZero();
    assertThat(stage.replicas()).isEmptyDirectory();
  }

  private boolean isActive(String slot) {
    return count("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = ", slot);
  }

  private boolean exists(String slot) {
    return count("SELECT count(*) FROM pg_replication_slots WHERE slot_name = ", slot);
  }

  private boolean count(String query, String slot) {
    try {
      return stage.number(query + "'" + slot + "'") > 0;
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void slotOfSomebodyElseIsNotTaken() throws Exception {
    stage.execute("SELECT pg_create_physical_replication_slot('theirs')");
    try {
      SourceException failure = stage.failure(stage.source(settings(null, "theirs")));

      assertThat(failure.kind()).isEqualTo(Kind.SETTINGS);
      assertThat(failure).hasMessageContaining("\"theirs\" already, which is not ours");
      assertThat(slots()).isEqualTo(1);
    } finally {
      stage.execute("SELECT pg_drop_replication_slot('theirs')");
    }
  }

  @Test
  void slotOfABuildThatFailsAtOnceIsDropped() throws Exception {
    stage.execute("REVOKE SELECT ON pg_db_role_setting FROM PUBLIC");
    try {
      SourceException failure = stage.failure(stage.source(settings(null, "ours")));

      assertThat(failure.detail()).contains("pg_db_role_setting");
      nothingIsLeft();
    } finally {
      stage.execute("GRANT SELECT ON pg_db_role_setting TO PUBLIC");
    }
  }

  @Test
  void slotIsMadeAgainOnlyWhereProductionLimitsIt() throws Exception {
    SlotUpkeep upkeep = upkeep(systemIdentifier());
    assertThat(upkeep.run(NOBODY)).isTrue();
    assertThat(slots()).isEqualTo(1);
    stage.execute("SELECT pg_drop_replication_slot('ours')");
    assertThat(upkeep.run(NOBODY)).isFalse();
    assertThat(slots()).isEqualTo(1);

    AtomicInteger released = new AtomicInteger();
    limitSlots(false);
    try {
      assertThat(upkeep.run(released::incrementAndGet)).isTrue();
      assertThat(slots()).isZero();
      assertThat(upkeep.run(released::incrementAndGet)).isFalse();
      assertThat(released).hasValue(1);
      assertThat(slots()).isZero();
    } finally {
      limitSlots(true);
    }
    assertThat(upkeep.run(NOBODY)).isTrue();
    assertThat(slots()).isEqualTo(1);
  }

  /** Production's limit is taken back while ours is in use, and set again later. */
  @Test
  void standbyFollowsWithoutASlotWhileProductionDoesNotLimitIt() throws Exception {
    StandbySource limited = stage.source(settings(null, "ours"));
    limited.begin();
    stage.cut(limited);
    StandbyStage.await("slot in use", () -> isActive("ours"));
    limited.close();

    limitSlots(false);
    try {
      StandbySource unlimited = stage.source(settings(null, "ours"));
      unlimited.begin();
      StandbyStage.await("slot gone", () -> !exists("ours") && StandbyStage.isConnected(unlimited));
      assertThat(stage.cut(unlimited)).isNotNull();
      unlimited.close();
    } finally {
      limitSlots(true);
    }
    StandbySource again = stage.source(settings(null, "ours"));
    again.begin();
    StandbyStage.await("slot again", () -> isActive("ours"));
    again.close();
  }

  private void limitSlots(boolean limited) throws Exception {
    String limit = limited ? "1GB" : "-1";
    stage.execute(
        "ALTER SYSTEM SET max_slot_wal_keep_size = '" + limit + "'", "SELECT pg_reload_conf()");
    StandbyStage.await("reloaded", () -> stage.isShown("max_slot_wal_keep_size", limit));
  }

  private static String failure(SlotUpkeep upkeep) {
    try {
      upkeep.run(NOBODY);
      return "";
    } catch (Exception e) {
      return e.toString();
    }
  }

  @Test
  void noSlotIsMadeOnAnotherCluster() throws Exception {
    assertThat(upkeep(systemIdentifier()).run(NOBODY)).isTrue();
    stage.execute("SELECT pg_drop_replication_slot('ours')");
    SlotUpkeep elsewhere = upkeep(systemIdentifier() + 1);

    assertThat(failure(elsewhere)).contains("another cluster answers");
    assertThat(slots()).isZero();
  }

  private long systemIdentifier() throws Exception {
    return Long.parseUnsignedLong(stage.text("SELECT system_identifier FROM pg_control_system()"));
  }

  /** Of a replica of that cluster. */
  private SlotUpkeep upkeep(long systemIdentifier) throws Exception {
    ReplicaPlace place = ReplicaPlace.of(stage.workbench().directory(), "prod");
    place.make();
    place
        .record()
        .write(
            new ReplicaRecord(
                "g00000000",
                systemIdentifier,
                1,
                "postgres",
                new ProductionFacts(150_000, Map.of(), new LeftBehind(List.of(), List.of())),
                Instant.now(),
                Instant.now(),
                null));
    return new SlotUpkeep("prod", settings(null, "ours"), stage.productionAsSeen(), place, true);
  }

  @Test
  void indexesAreBuiltAnewWhereTextsAreSortedOtherwise() throws Exception {
    stage.execute(
        "CREATE DATABASE words TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'",
        "UPDATE pg_database SET datcollversion = '1' WHERE datname = 'words'");
    try {
      StandbySource refusing = stage.source();
      SourceException failure = stage.failure(refusing);
      assertThat(failure.kind()).isEqualTo(Kind.SETTINGS);
      assertThat(failure.detail()).contains("words: the database's own (1)");
      assertThat(failure.hint()).contains("collations = reindex");
      String replica = StandbyStage.record(stage).generation();
      refusing.shutdown();

      StandbySource source =
          stage.source(new SourceType.Standby(stage.url(), null, null, null, Collations.REINDEX));
      Snapshot snapshot = stage.cut(source, new CollationReindexing());

      assertThat(StandbyStage.record(stage).generation()).isEqualTo(replica);
      assertThat(snapshot.findings())
          .anySatisfy(finding ->
              assertThat(finding.qualifiedName()).contains("words.the database's own (1)"));
      assertThat(
              stage.ask(
                  snapshot,
                  "words",
                  "SELECT count(*) FROM pg_database WHERE datname = 'words'"
                      + " AND datcollversion = pg_database_collation_actual_version(oid)"))
          .isEqualTo(1);
      source.shutdown();
    } finally {
      stage.execute("DROP DATABASE words");
    }
  }
}
