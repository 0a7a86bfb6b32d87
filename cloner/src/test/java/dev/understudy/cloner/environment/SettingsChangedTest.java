package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.fake.FakeSnapshots;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Lifetime;
import dev.understudy.config.Limits;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.Resources;
import dev.understudy.config.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other settings while the daemon runs. */
final class SettingsChangedTest extends BenchFixture {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  @BeforeEach
  void begin() throws Exception {
    bench.undropWindow = Duration.ofDays(30);
    bench.policies = List.of(policy("pr-*", new Lifetime(null, DAY, null)));
    bench.restart();
  }

  @Test
  void aNewPatternIsServed() throws Exception {
    assertThat(Bench.failureOf(bench.environments.open(new EnvironmentRequest("qa-1", "shop"))))
        .hasMessageContaining("qa-1");

    use(policy("qa-*", Lifetime.ENDLESS));

    assertThat(bench.open("qa-1").creation()).isPresent();
  }

  @Test
  void whatNoPatternCoversAnyMoreIsKeptWithItsSessionsAndLetsNobodyElseIn() throws Exception {
    EnvironmentSession session = bench.open("pr-1");

    use(policy("qa-*", Lifetime.ENDLESS));
    bench.advance(DAY.multipliedBy(30));

    assertThat(bench.servers.running).hasSize(1);
    assertThat(bench.environments.list()).hasSize(1);
    assertThat(Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-1", "shop"))))
        .hasMessageContaining("pr-1");
    session.close();
  }

  @Test
  void aShorterLifeEndsNobodyAtOnce() throws Exception {
    bench.open("pr-1").close();
    bench.advance(HOUR.multipliedBy(2));

    use(policy("pr-*", new Lifetime(null, HOUR, null)));

    bench.advance(LifetimeWatch.GRACE.minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);
    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void alsoWhereALookComesBeforeAnybodyTellsOfTheChange() throws Exception {
    bench.open("pr-1").close();
    bench.advance(HOUR.multipliedBy(2));
    bench.policies = List.of(policy("pr-*", new Lifetime(null, HOUR, null)));
    Bench.await(bench.environments.label("pr-1", "looks when it may end"));

    bench.advance(LifetimeWatch.GRACE.minus(SECOND));

    assertThat(bench.environments.list()).hasSize(1);
    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void aLongerLifeIsLived() throws Exception {
    bench.open("pr-1").close();

    use(policy("pr-*", new Lifetime(null, DAY.multipliedBy(2), null)));

    bench.advance(DAY.plus(HOUR));
    assertThat(bench.environments.list()).hasSize(1);
    bench.advance(DAY);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void whoIsToStayForEverIsDurableFromItsNextWakingOn() throws Exception {
    Path socket = bench.open("pr-1").socket();
    use(policy("pr-*", Lifetime.ENDLESS));
    Bench.await(bench.environments.suspend("pr-1", true));

    bench.open("pr-1").close();

    assertThat(bench.servers.configured.getLast().durable()).isTrue();
    losePower();
    EnvironmentSession after = bench.open("pr-1");
    assertThat(after.creation()).isEmpty();
    assertThat(after.socket()).isEqualTo(socket);
  }

  @Test
  void alsoWhereItsServerHadEndedByItself() throws Exception {
    bench.open("pr-1").close();
    bench.servers.started.getFirst().kill();
    use(policy("pr-*", Lifetime.ENDLESS));

    bench.open("pr-1").close();

    losePower();
    assertThat(bench.open("pr-1").creation()).isEmpty();
  }

  @Test
  void whatCannotBeMadeDurableIsServedAndMadeSoTheNextTime() throws Exception {
    bench.open("pr-1").close();
    bench.servers.started.getLast().kill();
    use(policy("pr-*", Lifetime.ENDLESS));
    bench.pool.syncFailure = new IOException("Input/output error");
    bench.open("pr-1").close();
    bench.pool.syncFailure = null;
    assertThat(bench.environments.target("pr-1").orElseThrow().isDurable()).isFalse();

    bench.servers.started.getLast().kill();
    bench.open("pr-1").close();

    assertThat(bench.environments.target("pr-1").orElseThrow().isDurable()).isTrue();
  }

  private void losePower() throws Exception {
    bench.close();
    bench.servers.started.getLast().kill();
    bench.bootId = "boot-2";
    bench.restart();
  }

  @Test
  void sleepBeginsForThoseThatWereAlwaysAwake() throws Exception {
    bench.open("pr-1").close();
    bench.advance(HOUR);
    assertThat(bench.servers.running).hasSize(1);

    use(policy("pr-*", new Lifetime(Duration.ofMinutes(10), null, null)));

    bench.advance(LifetimeWatch.GRACE.minus(SECOND));
    assertThat(bench.servers.running).hasSize(1);
    bench.advance(SECOND);
    assertThat(bench.servers.running).isEmpty();
  }

  @Test
  void aReloadThatLeavesALifeAsItIsPutsNothingOff() throws Exception {
    bench.open("pr-1").close();
    bench.advance(DAY.minus(SECOND));

    use(policy("pr-*", new Lifetime(null, DAY, null)), policy("qa-*", Lifetime.ENDLESS));

    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void refreshesHappenOnTheNewSchedule() throws Exception {
    EnvironmentPolicy base = policy("pr-*", Lifetime.ENDLESS);
    use(base.with(at("0 0 29 2 *")));
    bench.open("pr-1").activity();
    bench.advance(HOUR);
    newest();

    use(base.with(at("0 * * * *")));

    bench.advance(HOUR);
    bench.advance(Refreshing.LOOK_AGAIN);
    assertThat(bench.open("pr-1").dataTime()).isEqualTo(RefreshingFixture.NEXT);
  }

  @Test
  void refreshesThatAreWantedNoMoreDoNotHappen() throws Exception {
    EnvironmentPolicy base = policy("pr-*", Lifetime.ENDLESS);
    use(base.with(at("0 * * * *")));
    EnvironmentSession session = bench.open("pr-1");
    newest();

    use(base);

    bench.advance(HOUR.multipliedBy(3));
    assertThat(bench.open("pr-1").dataTime()).isEqualTo(session.dataTime());
  }

  @Test
  void limitsHoldForWhoComes() throws Exception {
    bench.open("pr-1").close();
    bench.open("pr-2").close();
    bench.limits = new Limits(1, 10);
    bench.service.settingsChanged();

    assertThat(bench.environments.list()).hasSize(2);
    assertThat(Bench.failureOf(bench.environments.open(new EnvironmentRequest("pr-3", "shop"))))
        .hasMessageContaining("pr-3");
    bench.limits = Limits.NONE;
    assertThat(bench.open("pr-3").creation()).isPresent();
  }

  @Test
  void theTrashIsKeptForTheNewWindowAndNothingGoesAtOnce() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.advance(HOUR.multipliedBy(2));

    bench.undropWindow = HOUR;
    bench.service.settingsChanged();

    bench.advance(LifetimeWatch.GRACE.minus(SECOND));
    assertThat(bench.environments.trash()).hasSize(1);
    bench.advance(SECOND);
    bench.awaitEmptyTrash();
  }

  @Test
  void whatHasBeenWrittenIsMeasuredOnceThatIsLimited() throws Exception {
    bench.open("pr-1");
    bench.pool.privateBytes = 2L << 20;

    use(policy("pr-*", Lifetime.ENDLESS).with(new Resources(null, null, null, null, 1L << 20)));
    bench.advance(PrivateLimitWatch.PERIOD);

    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (bench.pool.measures.get() == 0) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private void use(EnvironmentPolicy... policies) {
    bench.policies = List.of(policies);
    bench.service.settingsChanged();
  }

  private static EnvironmentPolicy policy(String pattern, Lifetime lifetime) {
    return new EnvironmentPolicy(new NamePattern(pattern), "prod", "shop", null).with(lifetime);
  }

  private void newest() {
    bench.newest = Optional.of(FakeSnapshots.shop(bench.directory, "s2", RefreshingFixture.NEXT));
  }

  private static RefreshPolicy at(String schedule) {
    return new RefreshPolicy(
        new RefreshPolicy.Trigger.Scheduled(new Schedule(schedule)), Duration.ZERO, 0);
  }
}
