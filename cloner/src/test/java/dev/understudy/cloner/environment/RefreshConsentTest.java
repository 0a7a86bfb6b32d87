package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.idle.ServerWork;
import dev.understudy.config.RefreshPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Whose data is not exchanged under their hands. */
final class RefreshConsentTest extends RefreshingFixture {
  @Test
  void workIsWaitedFor() throws Exception {
    EnvironmentSession old = bench.open("staging");
    old.activity();
    bench.work = new ServerWork(false, Duration.ofSeconds(5));

    publish();
    assertThat(bench.open("staging").socket()).isEqualTo(old.socket());
    bench.work = ServerWork.NONE;
    bench.advance(Refreshing.LOOK_AGAIN.plus(CONNECTED));

    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void workThatDoesNotEndSkipsItSoOftenAndThenIsEnded() throws Exception {
    EnvironmentSession old = bench.open("staging");
    old.activity();
    bench.work = new ServerWork(true, null);
    int skips = RefreshPolicy.DEFAULT_MOST_SKIPS;

    for (int skip = 1; skip <= skips; skip++) {
      publish();
      waitForTheEndOfTheGrace();
      assertThat(bench.open("staging").socket()).isEqualTo(old.socket());
      bench.advance(Duration.ofHours(1));
      if (skip == 2) {
        bench.restart(); // what was skipped is remembered; the restart is another occasion
        waitForTheEndOfTheGrace();
        skip++;
      }
    }
    publish();
    bench.advance(Refreshing.LOOK_AGAIN);
    assertThat(bench.open("staging").socket()).isEqualTo(old.socket());
    waitForTheEndOfTheGrace();

    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
    bench.work = ServerWork.NONE;
    assertThat(bench.files("clones")).hasSize(1);
  }

  private void waitForTheEndOfTheGrace() throws Exception {
    for (int i = 0; i <= RefreshPolicy.DEFAULT_GRACE.dividedBy(Refreshing.LOOK_AGAIN); i++) {
      bench.advance(Refreshing.LOOK_AGAIN);
    }
  }

  @Test
  void aProtectedOneKeepsItsData() throws Exception {
    Path socket = bench.open("staging").socket();
    bench.open("staging").activity();
    Bench.await(bench.environments.guard("staging", true));
    bench.advance(CONNECTED);

    publish();

    assertThat(bench.open("staging").socket()).isEqualTo(socket);
  }

  @Test
  void whoIsConnectingIsNotThrownOut() throws Exception {
    EnvironmentSession connecting = bench.open("staging");

    publish();
    assertThat(bench.servers.running).hasSize(1);
    assertThat(bench.open("staging").socket()).isEqualTo(connecting.socket());
  }

  @Test
  void byHandItIsRefusedIfSomebodySendsSomethingAtTheLastMoment() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    session.activity();
    publish();
    bench.duringLook = session::activity;
    assertThat(Bench.failureOf(bench.environments.refresh("pr-1", false)).sqlState())
        .isEqualTo("55006");

    bench.duringLook = () -> {};
    session.whenStopping(() -> {
      bench.work = new ServerWork(true, null);
      return CompletableFuture.completedFuture(null);
    });
    assertThat(Bench.failureOf(bench.environments.refresh("pr-1", false)).sqlState())
        .isEqualTo("55006");

    assertThat(bench.open("pr-1").socket()).isEqualTo(session.socket());
    bench.settle();
    assertThat(bench.files("clones")).hasSize(1);
  }
}
