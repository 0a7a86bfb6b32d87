package dev.understudy.cloner.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.source.SourceException;
import dev.understudy.cloner.source.SourceException.Kind;
import dev.understudy.config.SourceType;
import dev.understudy.config.SourceType.Collations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Base backups that are disturbed leave nothing, and what stands may be of use again. */
final class StandbyBuildIT extends StandbyFixture {
  /** In kB/s, the slowest: it would take minutes. */
  private static final int CRAWLING = 32;

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
              && String.join(" ", arguments)
                  .contains("port='" + stage.production().server().port() + "'");
        })
        .forEach(ProcessHandle::destroyForcibly);
  }

  private void awaitNoSenders() throws Exception {
    StandbyStage.await(
        "senders end",
        () -> {
          try {
            return stage.production().number("SELECT count(*) FROM pg_stat_replication") == 0;
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
    stage.production().execute("INSERT INTO seen VALUES (2)");
    // It is noticed that it has ended: then its socket goes.
    Path sockets = stage.workbench().directory().resolve(ReplicaPlace.SOCKETS);
    StandbyStage.await("noticed", () -> !hasSocket(sockets));

    assertThat(stage.ask(stage.cut(source), "postgres", "SELECT max(i) FROM seen")).isEqualTo(2);
    stage.production().execute("DELETE FROM seen WHERE i = 2");
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
  void indexesAreBuiltAnewWhereTextsAreSortedOtherwise() throws Exception {
    StandbySource refusing = stage.source();
    stage.cut(refusing);
    String replica = StandbyInspection.record(stage).generation();
    stage
        .production()
        .execute(
            "CREATE DATABASE words TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'",
            "UPDATE pg_database SET datcollversion = '1' WHERE datname = 'words'");
    try {
      SourceException failure = stage.failure(refusing);
      assertThat(failure.kind()).isEqualTo(Kind.SETTINGS);
      assertThat(failure.detail()).contains("words: the database's own (1)");
      assertThat(failure.hint()).contains("collations = reindex");
      refusing.shutdown();

      StandbySource source =
          stage.source(
              new SourceType.Standby(
                  stage.production().url(), null, null, null, Collations.REINDEX));
      Snapshot snapshot = stage.cut(source, new CollationReindexing());

      assertThat(StandbyInspection.record(stage).generation()).isEqualTo(replica);
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
      stage.production().execute("DROP DATABASE words");
    }
  }
}
