package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.fake.FakeServer;
import dev.understudy.config.Limits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Throw-away environments that somebody protects: no crash of the host costs their data. */
final class GuardingTest extends BenchFixture {
  @Test
  void oneThatRunsIsDurableOnceItIsSaid() throws Exception {
    Path socket = bench.open("pr-1").socket();

    guard();

    assertThat(isDurable()).isTrue();
    assertThat(bench.servers.started).hasSize(1);
    assertThat(bench.servers.configured.getLast().durable()).isTrue();
    assertThat(bench.pool.synced).hasSize(1);
    bench.restart();
    assertThat(bench.servers.running).hasSize(1);
    losePower();
    requireSame(socket);
  }

  @Test
  void oneThatSleepsIsDurableOnceItIsSaid() throws Exception {
    Path socket = bench.open("pr-1").socket();
    Bench.await(bench.environments.suspend("pr-1", true));
    guard();

    assertThat(isDurable()).isTrue();
    assertThat(bench.servers.configured.getLast().durable()).isTrue();
    bench.open("pr-1").close();
    losePower();
    requireSame(socket);
  }

  @Test
  void oneThatMadeRoomIsOnDiskOnceItIsSaid() throws Exception {
    bench.limits = new Limits(10, 1);
    bench.restart();
    Path socket = putToSleepForAnother();
    guard();

    losePower();
    requireSame(socket);
  }

  private Path putToSleepForAnother() throws Exception {
    EnvironmentSession first = bench.open("pr-1");
    first.close();
    bench.open("pr-2").close();
    bench.settle();
    return first.socket();
  }

  @Test
  void oneWhoseServerEndedByItselfIsOnDiskOnceItIsSaidAndDurableFromItsNextWakingOn()
      throws Exception {
    Path socket = bench.open("pr-1").socket();
    bench.servers.started.getFirst().kill();
    guard();
    assertThat(isDurable()).isFalse();

    losePower();
    requireSame(socket);
    assertThat(isDurable()).isTrue();
  }

  @Test
  void whatItGetsInsteadOfItsDataIsDurableToo() throws Exception {
    bench.open("pr-1").close();
    guard();

    Bench.await(bench.environments.reset("pr-1", true));

    assertThat(isDurable()).isTrue();
  }

  @Test
  void soIsWhatIsMadeAnewWhereItsDataWasLost() throws Exception {
    bench.open("pr-1").close();
    losePower();
    guard();

    bench.open("pr-1").close();

    assertThat(isDurable()).isTrue();
  }

  @Test
  void whoCannotBeMadeDurableIsToldAndProtectedAllTheSame() throws Exception {
    bench.open("pr-1").close();
    bench.pool.syncFailure = new IOException("Input/output error");

    EnvironmentUnavailable refusal = Bench.failureOf(bench.environments.guard("pr-1", true));

    assertThat(refusal.sqlState()).isEqualTo("58000");
    assertThat(refusal).hasMessageContaining("a crash of the host would still cost its data");
    assertThat(refusal.detail().orElseThrow()).contains("Input/output error");
    assertThat(refusal.hint().orElseThrow()).contains("PROTECT ENVIRONMENT pr-1");
    assertThat(bench.environments.list().getFirst().guarded()).isTrue();
    assertThat(isDurable()).isFalse();

    bench.pool.syncFailure = null;
    guard();
    assertThat(isDurable()).isTrue();
  }

  @Test
  void oneThatIsProtectedNoMoreStaysDurable() throws Exception {
    bench.open("pr-1").close();
    guard();
    int synced = bench.pool.synced.size();

    Bench.await(bench.environments.guard("pr-1", false));

    assertThat(isDurable()).isTrue();
    assertThat(bench.pool.synced).hasSize(synced);
  }

  private void guard() throws Exception {
    Bench.await(bench.environments.guard("pr-1", true));
  }

  private boolean isDurable() {
    return bench.environments.target("pr-1").orElseThrow().isDurable();
  }

  /** Its data is what it was. */
  private void requireSame(Path socket) throws Exception {
    EnvironmentSession after = bench.open("pr-1");
    assertThat(after.creation()).isEmpty();
    assertThat(after.socket()).isEqualTo(socket);
  }

  /** The next daemon finds another boot of the host. */
  private void losePower() throws Exception {
    bench.close();
    List.copyOf(bench.servers.running.values()).forEach(FakeServer::kill);
    bench.bootId = "boot-2";
    bench.restart();
  }
}
