package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.postgres.ServerException;
import dev.understudy.config.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What of an environment that slept is there after a power loss. */
final class SleepDurabilityTest extends SleepFixture {
  private static final String ON_DISK = "\"unsyncedBoot\" : null";

  @Test
  void powerLossRightAfterASleepLosesNothing() throws Exception {
    bench.open("pr-1").close();
    bench.pool.duringSync =
        () -> {
          assertThat(bench.servers.started.getFirst().stoppedCleanly).isTrue();
          assertThat(cloneFile()).doesNotContain("SUSPENDED");
        };
    bench.advance(SUSPEND_AFTER);
    assertThat(cloneFile()).contains("SUSPENDED");
    losePower();

    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void whatCouldNotBeSyncedIsNotServedAfterAPowerLoss() throws Exception {
    bench.open("pr-1").close();
    bench.pool.syncFailure = new IOException("Input/output error");
    bench.advance(SUSPEND_AFTER);
    assertThat(isAwake()).isFalse();
    losePower();

    Bench.await(bench.environments.resume("pr-1"));
    bench.open("pr-1").close(); // its client went away before it could be told
    EnvironmentSession anew = bench.open("pr-1");
    assertThat(anew.creation()).isEmpty();
    assertThat(anew.notices())
        .extracting(EnvironmentNotice::message)
        .containsExactly("environment \"pr-1\" was made anew");
    assertThat(bench.open("pr-1").notices()).isEmpty();
  }

  @Test
  void whoseServerHadToBeKilledSleepsOnDiskToo() throws Exception {
    bench.open("pr-1").close();
    bench.servers.stopsCleanly = false;
    assertThat(Bench.await(bench.environments.suspend("pr-1", true))).isTrue();

    assertThat(cloneFile()).contains("SUSPENDED", ON_DISK);
    losePower();
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void soDoesWhoseServerEndedByItselfMeanwhile() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    session.whenStopping(() -> {
      bench.servers.started.getFirst().kill();
      return CompletableFuture.completedFuture(null);
    });
    Bench.await(bench.environments.suspend("pr-1", true));

    assertThat(cloneFile()).contains("SUSPENDED", ON_DISK);
  }

  @Test
  void whoseServerCannotBeKilledDoesNotSleep() throws Exception {
    bench.open("pr-1").close();
    bench.servers.duringStop =
        () -> {
          throw new CompletionException(new TimeoutException());
        };

    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.suspend("pr-1", true));

    assertThat(refusal.sqlState()).isEqualTo("58000");
    assertThat(refusal).hasMessageContaining("could not be stopped");
    assertThat(cloneFile()).contains("RUNNING");
  }

  @Test
  void whoMadeRoomIsOnDiskHalfAMinuteLater() throws Exception {
    makeRoom();
    assertThat(bench.pool.synced).isEmpty();
    assertThat(cloneFile()).contains("SUSPENDED").doesNotContain(ON_DISK);

    bench.advance(Settling.DELAY);

    assertThat(bench.pool.synced).hasSize(1);
    assertThat(cloneFile()).contains("SUSPENDED", ON_DISK);
    losePower();
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void whoMadeRoomIsBroughtToTheDiskByTheNextDaemon() throws Exception {
    makeRoom();
    bench.restart();

    bench.advance(Settling.DELAY);

    assertThat(cloneFile()).contains("SUSPENDED", ON_DISK);
  }

  @Test
  void whoMadeRoomIsMadeAnewAfterAPowerLossBefore() throws Exception {
    makeRoom();
    losePower();

    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  @Test
  void whoMadeRoomAndWasWokenWhileTheDiskWroteIsNotTakenForWhole() throws Exception {
    makeRoom();
    bench.pool.duringSync =
        () -> {
          try {
            bench.open("pr-1").close();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        };

    bench.advance(Settling.DELAY);

    assertThat(cloneFile()).contains("RUNNING").doesNotContain(ON_DISK);
  }

  @Test
  void whoWasDroppedAndHadBackIsOnDiskHalfAMinuteLater() throws Exception {
    bench.undropWindow = Duration.ofDays(1);
    bench.restart();
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    Bench.await(bench.environments.undrop("pr-1", "pr-1"));

    bench.advance(Settling.DELAY);

    assertThat(cloneFile()).contains("SUSPENDED", ON_DISK);
  }

  @Test
  void whatWasDroppedAwakeIsOnDiskHalfAMinuteLater() throws Exception {
    dropAwake();
    bench.advance(Settling.DELAY);
    losePower();

    Bench.await(bench.environments.undrop("pr-1", "pr-1"));
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void whatWasReplacedAwakeIsOnDiskHalfAMinuteLater() throws Exception {
    bench.undropWindow = Duration.ofDays(1);
    bench.restart();
    Path former = bench.open("pr-1").socket();
    Bench.await(bench.environments.reset("pr-1", true));
    bench.advance(Settling.DELAY);
    losePower();

    Bench.await(bench.environments.undrop("pr-1", "pr-2"));
    EnvironmentSession back = bench.open("pr-2");
    assertThat(back.creation()).isEmpty();
    assertThat(back.socket()).isEqualTo(former);
  }

  @Test
  void whatWasDroppedAwakeIsBroughtToTheDiskByTheNextDaemon() throws Exception {
    dropAwake();
    bench.restart();
    bench.advance(Settling.DELAY);
    losePower();

    Bench.await(bench.environments.undrop("pr-1", "pr-1"));
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void whatWasDroppedAwakeIsGoneAfterAPowerLossBefore() throws Exception {
    dropAwake();
    losePower();

    assertThat(Bench.failureOf(bench.environments.undrop("pr-1", "pr-1")).sqlState())
        .isEqualTo("3D000");
    assertThat(bench.files("clones")).isEmpty();
  }

  @Test
  void whatOfTheTrashDidNotReachTheDiskIsTriedAgain() throws Exception {
    dropAwake();
    bench.pool.syncFailure = new IOException("Input/output error");
    bench.advance(Settling.DELAY);
    bench.pool.syncFailure = null;
    bench.advance(Settling.DELAY);
    losePower();

    Bench.await(bench.environments.undrop("pr-1", "pr-1"));
  }

  private void dropAwake() throws Exception {
    bench.undropWindow = Duration.ofDays(1);
    bench.restart();
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
  }

  @Test
  void whatDidNotReachTheDiskIsTriedAgain() throws Exception {
    makeRoom();
    bench.pool.syncFailure = new IOException("Input/output error");
    bench.advance(Settling.DELAY);
    assertThat(cloneFile()).doesNotContain(ON_DISK);
    bench.pool.syncFailure = null;

    bench.advance(Settling.DELAY);

    assertThat(cloneFile()).contains("SUSPENDED", ON_DISK);
  }

  @Test
  void whatCouldNotBeWokenIsStillWhole() throws Exception {
    bench.open("pr-1").close();
    bench.advance(SUSPEND_AFTER);
    bench.servers.sandboxFailure = new ServerException("the sandbox could not be made", "");

    Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop")));

    assertThat(cloneFile()).contains("FAILED", ON_DISK);
  }

  /** The next daemon finds another boot of the host. */
  private void losePower() throws Exception {
    bench.close();
    bench.pool.syncFailure = null;
    bench.bootId = "boot-2";
    bench.restart();
  }

  /** Puts pr-1 to sleep. */
  private void makeRoom() throws Exception {
    bench.limits = new Limits(10, 1);
    bench.restart();
    bench.open("pr-1").close();
    bench.open("pr-2").close();
    bench.settle();
  }

  @Test
  void whatWasWokenSinceIsNotServedAfterAPowerLoss() throws Exception {
    bench.open("pr-1").close();
    bench.advance(SUSPEND_AFTER);
    bench.open("pr-1").close();
    bench.servers.started.getLast().kill();
    losePower();

    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  /** Of pr-1. */
  private String cloneFile() {
    String id =
        bench.environments.list().stream()
            .filter(status -> status.name().equals("pr-1"))
            .map(EnvironmentStatus::target)
            .findFirst()
            .orElseThrow();
    try {
      return Files.readString(bench.directory.resolve("clones/%s/clone.json".formatted(id)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
