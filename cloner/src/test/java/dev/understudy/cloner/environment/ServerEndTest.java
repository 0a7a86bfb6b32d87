package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.environment.EnvironmentUnavailable.Kind;
import dev.understudy.cloner.fake.FakeServer;
import dev.understudy.cloner.postgres.ServerException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Servers that end by themselves. */
final class ServerEndTest extends BenchFixture {
  @Test
  void serverThatEndedIsStartedAgainOnItsData() throws Exception {
    Path socket = bench.open("pr-1").socket();
    assertThat(bench.open("pr-1").start()).isEmpty();
    bench.servers.started.getFirst().kill();

    EnvironmentSession session = bench.open("pr-1");

    assertThat(session.socket()).isEqualTo(socket);
    assertThat(session.creation()).isEmpty();
    assertThat(session.start()).isPresent();
    assertThat(bench.pool.copies).hasValue(1);
    assertThat(bench.servers.started).hasSize(2);
  }

  @Test
  void serverThatDoesNotComeBackKeepsItsData() throws Exception {
    bench.open("pr-1").close();
    bench.servers.started.getFirst().kill();
    bench.servers.startFailure = new ServerException("it exited", "PANIC");

    assertThat(Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop"))))
        .hasMessage("environment \"pr-1\" could not be started");
    bench.settle();
    assertThat(bench.pool.deletions).hasValue(0);

    bench.servers.startFailure = null;
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void serverThatEndsAtOnceEachTimeIsGivenUp() throws Exception {
    bench.servers.onStarted = FakeServer::kill;

    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop"))).kind())
        .isEqualTo(Kind.FAILED);
    assertThat(bench.servers.started).hasSizeLessThan(6);
  }
}
