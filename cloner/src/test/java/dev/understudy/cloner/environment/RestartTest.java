package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RestartTest {
  private Bench bench;

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void runningServerIsTakenOver() throws Exception {
    Path socket = bench.open("pr-1").socket();

    bench.restart();

    var session = bench.environments.open(new EnvironmentRequest("pr-1", "shop"));
    assertThat(session).isDone();
    assertThat(session.get().socket()).isEqualTo(socket);
    assertThat(bench.servers.started).hasSize(1);
  }

  @Test
  void serverThatEndedMeanwhileIsStartedAtTheNextUse() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.servers.started.getFirst().kill();

    bench.restart();

    assertThat(bench.servers.running).isEmpty();
    assertThat(bench.open("pr-1").creation()).isEmpty();
    assertThat(bench.pool.copies).hasValue(1);
  }

  @Test
  void stoppedServersAreStartedAgainAndAreOnDisk() throws Exception {
    bench.open("pr-1").close();
    bench.service.close();
    bench.clones.suspend(bench.service.targets());
    assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();
    assertThat(bench.synced).hasSize(1);

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void throwAwayEnvironmentIsMadeAnewAfterACrashOfTheHost() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.servers.started.getFirst().kill();

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.environments.list()).hasSize(1);
    assertThat(bench.open("pr-1").creation()).isPresent();
    assertThat(bench.environments.list()).hasSize(1);
  }

  @Test
  void durableEnvironmentOutlivesACrashOfTheHost() throws Exception {
    bench.open("staging").close();
    bench.close();
    bench.servers.started.getFirst().kill();

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.open("staging").creation()).isEmpty();
    assertThat(bench.pool.copies).hasValue(1);
  }

  @Test
  void cloneThatNobodyPointsAtGoesWithItsServer() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    Files.delete(bench.directory.resolve("environments/pr-1.json"));

    bench.restart();

    assertThat(bench.servers.running).isEmpty();
    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void directoriesWithoutRecordGo() throws Exception {
    Files.createDirectories(bench.directory.resolve("clones/halfmade/data"));
    Files.createDirectories(bench.directory.resolve("clones/halfmade2"));
    Files.createFile(bench.directory.resolve("clones/halfmade2/clone.json"));
    Files.createDirectories(bench.directory.resolve("run/orphan"));
    Files.createFile(bench.directory.resolve("run/orphan/.s.PGSQL.5432.lock"));
    Files.createFile(bench.directory.resolve("environments/pr-9.json"));
    Files.createFile(bench.directory.resolve("environments/.pr-9.json.tmp"));

    bench.restart();

    assertThat(bench.files("clones")).isEmpty();
    assertThat(bench.files("run")).isEmpty();
    assertThat(bench.files("environments")).isEmpty();
  }

  @Test
  void deletionThatFailedIsDoneByTheNextDaemon() throws Exception {
    bench.open("pr-1").close();
    bench.pool.deleteFailure = new IOException("Device or resource busy");
    Bench.await(bench.environments.drop("pr-1"));
    bench.settle();
    assertThat(bench.files("clones")).hasSize(1);

    bench.pool.deleteFailure = null;
    bench.restart();

    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void cloneWhoseRecordIsDamagedIsLeftAloneAndSaysSo() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    Path directory = bench.files("clones").getFirst();
    Files.writeString(directory.resolve("clone.json"), "{ broken");

    bench.restart();

    assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop")))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(EnvironmentUnavailable.class)
        .withMessageContaining("environment \"pr-1\" is damaged");
    assertThat(directory).exists();
    assertThat(Bench.await(bench.environments.drop("pr-1"))).isTrue();
  }

  @Test
  void environmentWhoseRecordIsDamagedCostsNobodyElseAndLosesNothing() throws Exception {
    bench.open("pr-1").close();
    Path other = bench.open("pr-2").socket();
    Path record = bench.directory.resolve("environments/pr-1.json");
    String whole = Files.readString(record);
    Files.writeString(record, "{ broken");

    bench.restart();

    assertThat(bench.open("pr-2").socket()).isEqualTo(other);
    assertThat(bench.files("clones")).hasSize(2);
    assertThat(Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop"))))
        .hasMessage("environment \"pr-1\" is damaged");
    Files.writeString(record, whole);
    bench.restart();
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void environmentWhoseRecordIsDamagedSaysSoWhateverIsAskedOfIt() throws Exception {
    bench.open("pr-1").close();
    Files.writeString(bench.directory.resolve("environments/pr-1.json"), "{ broken");

    bench.restart();

    Environments environments = bench.environments;
    for (CompletableFuture<?> answer :
        List.of(
            environments.suspend("pr-1", false),
            environments.resume("pr-1"),
            environments.refresh("pr-1", false),
            environments.label("pr-1", "mine"),
            environments.undrop("pr-2", "pr-1"),
            environments.create("pr-1", new CreateFrom.Policy(), null))) {
      assertThat(Bench.failureOf(answer)).hasMessage("environment \"pr-1\" is damaged");
    }
  }

  @Test
  void environmentWhoseRecordIsDamagedCanBeDropped() throws Exception {
    bench.open("pr-1").close();
    Files.writeString(bench.directory.resolve("environments/pr-1.json"), "{ broken");
    bench.restart();

    assertThat(Bench.await(bench.environments.drop("pr-1"))).isTrue();

    assertThat(bench.open("pr-1").creation()).isPresent();
    bench.restart();
    assertThat(bench.files("clones")).as("what had no owner is gone").hasSize(1);
  }

  @Test
  void processesOfTheHostAreLookedAtOnceForAllClones() throws Exception {
    for (String name : List.of("pr-1", "pr-2", "pr-3", "pr-4")) {
      bench.open(name).close();
    }
    bench.close();
    bench.servers.started.getFirst().kill();
    Files.delete(bench.directory.resolve("environments/pr-2.json"));
    Files.delete(bench.directory.resolve("environments/pr-3.json"));
    bench.servers.looks.set(0);

    bench.restart();

    assertThat(bench.servers.looks).hasValue(1);
    assertThat(bench.servers.running).hasSize(1);
    assertThat(bench.files("clones")).hasSize(2);
  }

  @Test
  void whatSleepsIsNotLookedForAtAStartAndAWake() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.suspend("pr-1", true));
    bench.servers.looks.set(0);

    bench.restart();
    bench.open("pr-1").close();

    assertThat(bench.servers.looks).hasValue(0);
  }

  @Test
  void recordOfAnEarlierVersionIsRead() throws Exception {
    Files.writeString(
        bench.directory.resolve("environments/pr-1.json"),
        """
        {
          "name" : "pr-1",
          "source" : "prod",
          "target" : null,
          "createdAt" : "2026-11-20T04:00:00Z",
          "lastActivity" : "2026-11-20T05:00:00Z"
        }
        """);

    bench.restart();

    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  @Test
  void directoriesBetweenTheRecordsAreLeftAlone() throws Exception {
    bench.open("pr-1").close();
    Files.createDirectories(bench.directory.resolve("environments/lost+found/x"));
    Files.createDirectories(bench.directory.resolve("trash/lost+found/x"));

    bench.restart();

    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void lostCloneThatCannotBeRecordedDoesNotStopTheStart() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.servers.started.getFirst().kill();
    Bench.forbidWriting(bench.directory.resolve("environments/pr-1.json"));

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.environments.list()).hasSize(1);
  }

  @Test
  void environmentWithoutPolicyIsKeptAndServesNobody() throws Exception {
    bench.open("pr-1").close();
    bench.policies = List.of();

    bench.restart();

    assertThat(bench.environments.list()).hasSize(1);
    assertThat(bench.alarms.count()).as("only those of the logs and the pool").isEqualTo(2);
    assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop")))
        .isCompletedExceptionally();
  }

  @Test
  void environmentOfAnotherSourceThanThePolicysServesNobody() throws Exception {
    bench.open("pr-1").close();
    bench.open("staging").close();
    List<EnvironmentPolicy> original = bench.policies;
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "other", "shop", Bench.DROP_AFTER),
            original.getLast());

    bench.restart();

    assertThat(bench.environments.open(new EnvironmentRequest("pr-1", "shop")))
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(EnvironmentUnavailable.class)
        .withMessageContaining("environment \"pr-1\" is of another source");
    assertThat(bench.open("staging").creation()).isEmpty();

    bench.policies = original;
    bench.restart();

    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void environmentWithoutDataIsMadeFromThePolicysSource() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.servers.started.getFirst().kill();
    bench.bootId = "boot-2";
    bench.policies =
        List.of(new EnvironmentPolicy(new NamePattern("pr-*"), "other", "shop", Bench.DROP_AFTER));

    bench.restart();

    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  @Test
  void longLogsAreCutWhetherAnybodyConnectsOrNot() throws Exception {
    bench.open("staging").close();
    bench.restart();
    Path log = bench.files("clones").getFirst().resolve("server.log");
    Files.write(log, new byte[17 << 20]);

    bench.advance(LogSweep.PERIOD);
    bench.awaitSweep();
    assertThat(log).hasSize(64 << 10);
  }
}
