package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.CloneState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a daemon takes over from the one before. */
final class RestartTest extends BenchFixture {
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
  void serverThatCannotBeLookedAtCostsItsEnvironmentAStartAndNobodyElseAnything() throws Exception {
    bench.open("pr-1").close();
    bench.close();
    bench.servers.adoptFailure = new IOException("no file descriptors are left");

    bench.restart();

    assertThat(bench.servers.running).isEmpty();
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void stoppedServersAreStartedAgainAndAreOnDisk() throws Exception {
    bench.open("pr-1").close();
    bench.service.close();
    bench.clones.suspend(bench.service.targets());
    assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();
    assertThat(bench.pool.synced).hasSize(1);

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
  void durableEnvironmentIsExaminedAfterACrashOfTheHostAlone() throws Exception {
    bench.open("staging").close();
    bench.close();
    bench.servers.damage = new IOException("global/pg_control: the checksum is wrong");
    bench.restart();
    assertThat(bench.environments.list())
        .extracting(EnvironmentStatus::state)
        .containsExactly(CloneState.RUNNING);
    bench.close();
    bench.servers.started.getFirst().kill();

    bench.bootId = "boot-2";
    bench.restart();

    assertThat(bench.environments.list())
        .extracting(EnvironmentStatus::state)
        .containsExactly(CloneState.FAILED);
    assertThat(bench.files("clones")).hasSize(1);
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
