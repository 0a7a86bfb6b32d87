package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.fake.FakeServer;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.Hook;
import dev.understudy.config.Hooks;
import dev.understudy.config.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clones that are there before anybody asks. */
@Timeout(60)
final class SparesTest {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Hooks HOOKS =
      new Hooks(List.of(new Hook.Script(Path.of("/x.sql"), null)), Duration.ofMinutes(1));

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
  void aFirstConnectTakesOneAndAnotherIsMadeBehindIt() throws Exception {
    begin(1);
    Clone spare = awaitSpares(1).getFirst();

    assertThat(bench.open("pr-1").socket()).isEqualTo(spare.socket());
    assertThat(bench.environments.target("pr-1")).containsSame(spare);
    assertThat(bench.pool.copies).hasValue(1);
    assertThat(awaitSpares(1)).doesNotContain(spare);
    assertThat(bench.pool.copies).hasValue(2);
    bench.advance(Duration.ofMinutes(5));
    awaitClones(2);
  }

  @Test
  void hooksRunWhenItIsTakenAndNotBefore() throws Exception {
    List<String> hooked = new CopyOnWriteArrayList<>();
    bench.hooks = (clone, policy) -> hooked.add(clone.id());
    bench.policies = List.of(bench.policies.getFirst().with(HOOKS));
    begin(1);
    Clone spare = awaitSpares(1).getFirst();
    assertThat(hooked).isEmpty();

    bench.open("pr-1").close();
    assertThat(bench.environments.target("pr-1")).containsSame(spare);
    assertThat(hooked).containsExactly(spare.id());
  }

  @Test
  void oneWhoseHookFailsIsHandedToNobody() throws Exception {
    bench.hooks =
        (clone, policy) -> {
          throw new CloneException(Reason.HOOK_FAILED, "hook 1 has failed", "its output", null);
        };
    bench.policies = List.of(bench.policies.getFirst().with(HOOKS));
    begin(1);
    Clone spare = awaitSpares(1).getFirst();

    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop")))
                .detail())
        .contains("hook 1 has failed\nits output");
    assertThat(spare.server()).isEmpty();
    until(() -> bench.spares.clones().size() == 1 && !bench.spares.clones().contains(spare));
    awaitClones(1);
  }

  @Test
  void aDurableEnvironmentGetsACloneOfItsOwnWhereTheSpareCannotBecomeDurable() throws Exception {
    bench.reload = Bench.REFUSED;
    begin(1);
    Clone spare = awaitSpares(1).getFirst();
    bench.open("staging");

    assertThat(bench.environments.target("staging")).isPresent().get().isNotSameAs(spare);
    assertThat(bench.environments.target("staging").orElseThrow().isDurable()).isTrue();
    bench.settle();
    assertThat(bench.servers.running).hasSize(1);
  }

  @Test
  void aNewSnapshotReplacesThem() throws Exception {
    begin(2);
    List<Clone> old = awaitSpares(2);
    bench.newest = Optional.of(named(bench.newest.orElseThrow(), "s2"));
    bench.service.snapshotPublished("prod");
    until(() ->
        bench.spares.clones().size() == 2
            && bench.spares.clones().stream()
                .allMatch(clone -> clone.origin().snapshot().equals("s2")));

    bench.settle();
    assertThat(bench.spares.clones()).doesNotContainAnyElementsOf(old);
    awaitClones(2);
    assertThat(bench.servers.running).hasSize(2);
  }

  @Test
  void oneOfAnOlderSnapshotIsNotTaken() throws Exception {
    begin(1);
    awaitSpares(1);
    bench.newest = Optional.of(named(bench.newest.orElseThrow(), "s2"));
    bench.open("pr-1");

    assertThat(bench.environments.target("pr-1").orElseThrow().origin().snapshot()).isEqualTo("s2");
  }

  @Test
  void oneWhoseServerEndedIsNotTakenButReplaced() throws Exception {
    begin(1);
    Clone dead = awaitSpares(1).getFirst();
    List.copyOf(bench.servers.running.values()).forEach(FakeServer::kill);
    bench.open("pr-1");

    assertThat(bench.environments.target("pr-1")).isPresent().get().isNotSameAs(dead);
    until(() -> bench.spares.clones().size() == 1 && !bench.spares.clones().contains(dead));
    bench.settle();
    awaitClones(2);
  }

  @Test
  void itGivesWayWhereAnEnvironmentNeedsThePlace() throws Exception {
    bench.limits = new Limits(10, 2);
    begin(1);
    awaitSpares(1);
    bench.open("staging");
    bench.open("pr-1");

    bench.settle();
    bench.advance(Duration.ofMinutes(2));
    bench.settle();
    assertThat(bench.servers.running).hasSize(2);
    assertThat(bench.spares.clones()).isEmpty();
    awaitClones(2);
    assertThat(
            Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-2", "shop")))
                .sqlState())
        .isEqualTo("53400");
  }

  @Test
  void noneIsMadeWhereNoEnvironmentMayFollow() throws Exception {
    bench.limits = new Limits(1, 10);
    begin(1);
    awaitSpares(1);
    bench.open("pr-1");
    for (int i = 0; i < 5; i++) {
      bench.advance(Duration.ofMinutes(1));
    }

    assertThat(bench.spares.clones()).isEmpty();
    assertThat(bench.servers.running).hasSize(1);
  }

  @Test
  void oneThatCannotBeMadeIsTriedAgainAndNobodyWaitsForIt() throws Exception {
    bench.pool.copyFailure = new IOException("no luck");
    begin(1);
    bench.advance(SOON);
    bench.pool.copyFailure = null;
    assertThat(bench.open("pr-1").creation()).isPresent();

    until(() -> bench.spares.clones().size() == 1);
  }

  @Test
  void theDaemonLeavesNoneBehind() throws Exception {
    begin(1);
    awaitSpares(1);
    bench.open("pr-1");
    until(() -> bench.spares.clones().size() == 1);
    bench.wantedSpares = Map.of();
    bench.restart();

    assertThat(bench.servers.running).hasSize(1);
    awaitClones(1);
  }

  @Test
  void asManyAsAreWantedNow() throws Exception {
    begin(0);
    want(2);
    awaitSpares(2);

    want(1);
    awaitSpares(1);
    want(0);
    awaitSpares(0);
    bench.settle();
    awaitClones(0);
  }

  private void want(int count) {
    bench.wantedSpares = Map.of("prod", count);
    bench.service.settingsChanged();
  }

  private void begin(int count) throws Exception {
    bench.wantedSpares = Map.of("prod", count);
    bench.restart();
  }

  private List<Clone> awaitSpares(int count) throws Exception {
    until(() -> bench.spares.clones().size() == count);
    return bench.spares.clones();
  }

  /** Those that are given up are removed a little after they are no spares any more. */
  private void awaitClones(int count) throws Exception {
    until(() -> {
      try {
        return bench.files("clones").size() == count;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** Time passes until something is so. */
  private void until(BooleanSupplier wanted) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!wanted.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      bench.advance(SOON);
      Thread.sleep(5);
    }
  }

  static Snapshot named(Snapshot snapshot, String id) {
    return new Snapshot(
        id,
        snapshot.directory(),
        snapshot.source(),
        snapshot.dataTime(),
        snapshot.createdAt(),
        snapshot.version(),
        snapshot.superuser(),
        snapshot.sizeBytes(),
        snapshot.files(),
        snapshot.databases(),
        snapshot.roles(),
        snapshot.settings(),
        snapshot.findings(),
        snapshot.position(),
        snapshot.mask(),
        snapshot.replacementKey());
  }
}
