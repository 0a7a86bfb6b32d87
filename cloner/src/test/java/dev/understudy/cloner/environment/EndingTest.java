package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.cloner.trash.TrashRecord;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Lifetime;
import dev.understudy.config.NamePattern;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How environments end by themselves, what keeps them, and who is told. */
final class EndingTest extends BenchFixture {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration EXPIRES = Duration.ofDays(14);

  @BeforeEach
  void prepare() throws Exception {
    bench.undropWindow = Duration.ofDays(30);
    use(new Lifetime(null, Bench.DROP_AFTER, EXPIRES));
  }

  private void use(Lifetime lifetime) throws Exception {
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("pr-*"), "prod", "shop", null).with(lifetime));
    bench.restart();
  }

  @Test
  void anEnvironmentExpiresAlthoughItIsUsed() throws Exception {
    EnvironmentSession session = bench.open("pr-1");
    for (int day = 1; day < EXPIRES.toDays(); day++) {
      bench.advance(Duration.ofDays(1));
      session.activity();
    }
    bench.advance(Duration.ofDays(1).minus(SECOND));
    session.activity();
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(SECOND);

    assertThat(bench.environments.list()).isEmpty();
    assertThat(bench.environments.trash())
        .singleElement()
        .extracting(TrashRecord::reason)
        .isEqualTo(TrashReason.EXPIRED);
    assertThat(bench.open("pr-1").creation()).isPresent();
  }

  @Test
  void oneThatHadExpiredAndIsHadBackIsKeptForADay() throws Exception {
    use(new Lifetime(null, null, EXPIRES));
    bench.open("pr-1").close();
    bench.advance(EXPIRES);

    Bench.await(bench.environments.undrop("pr-1", "pr-1"));
    bench.advance(Undropping.KEPT.minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);
    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void whatIsGuardedNeitherExpiresNorIsDroppedButSleeps() throws Exception {
    use(new Lifetime(Duration.ofMinutes(10), Bench.DROP_AFTER, EXPIRES));
    bench.open("pr-1").close();
    Bench.await(bench.environments.guard("pr-1", true));

    bench.advance(Duration.ofMinutes(10));
    assertThat(bench.servers.running).isEmpty();
    bench.advance(EXPIRES.multipliedBy(3));
    assertThat(bench.environments.list()).hasSize(1);

    Bench.await(bench.environments.guard("pr-1", false));
    bench.advance(Duration.ZERO);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void whatIsKeptUntilATimeEndsThenAndNotBefore() throws Exception {
    bench.open("pr-1").close();
    Duration kept = EXPIRES.plusDays(7);
    Bench.await(bench.environments.keepUntil("pr-1", bench.clock.instant().plus(kept)));

    bench.advance(Bench.DROP_AFTER);
    bench.advance(EXPIRES);
    bench.advance(kept.minus(Bench.DROP_AFTER).minus(EXPIRES).minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void nothingExpiresBecauseTheClockWasSetForwardBeforeClientsHadTheirTime() throws Exception {
    bench.open("pr-1").close();

    bench.alarms.jump(EXPIRES.multipliedBy(2));
    bench.settle();
    bench.advance(LifetimeWatch.GRACE.minus(SECOND));
    assertThat(bench.environments.list()).hasSize(1);

    bench.advance(SECOND);
    assertThat(bench.environments.list()).isEmpty();
  }

  @Test
  void whoConnectsAfterAnotherStartIsToldOfTheTimeThatIsLeft() throws Exception {
    use(new Lifetime(null, Bench.DROP_AFTER, null));
    bench.open("pr-1").close();
    bench.close();
    bench.clock.advance(Bench.DROP_AFTER);
    bench.restart();

    assertThat(bench.environments.list())
        .extracting(status -> status.endings().idleDrop())
        .singleElement()
        .satisfies(ending ->
            assertThat(requireNonNull(ending).at())
                .isEqualTo(bench.clock.instant().plus(LifetimeWatch.GRACE)));
    assertThat(bench.open("pr-1").notices())
        .extracting(EnvironmentNotice::message)
        .containsExactly("environment \"pr-1\" will be dropped in 5 min if nobody uses it");
  }

  @Test
  void whoConnectsAfterAnotherStartIsNotToldTwiceADay() throws Exception {
    use(new Lifetime(null, null, EXPIRES));
    bench.open("pr-1").close();
    bench.advance(EXPIRES.minusDays(1));
    assertThat(bench.open("pr-1").notices()).hasSize(1);
    bench.settle();
    bench.restart();

    assertThat(bench.open("pr-1").notices()).isEmpty();
    bench.advance(Duration.ofHours(23));
    assertThat(bench.open("pr-1").notices()).isEmpty();
  }

  @Test
  void whoConnectsIsToldOfTheEndOnceADay() throws Exception {
    use(new Lifetime(null, null, EXPIRES));
    assertThat(bench.open("pr-1").notices()).isEmpty();
    bench.advance(EXPIRES.minusDays(1).minus(SECOND));
    assertThat(bench.open("pr-1").notices()).isEmpty();

    bench.advance(SECOND);
    assertThat(bench.open("pr-1").notices())
        .singleElement()
        .satisfies(notice -> {
          assertThat(notice.message()).isEqualTo("environment \"pr-1\" expires in 24 h");
          assertThat(notice.hint()).contains("copy what you still need");
        });
    assertThat(bench.open("pr-1").notices()).isEmpty();
    bench.advance(Duration.ofHours(23));
    assertThat(bench.open("pr-1").notices()).isEmpty();

    Bench.await(
        bench.environments.keepUntil("pr-1", bench.clock.instant().plus(Duration.ofHours(3))));
    bench.advance(Duration.ofHours(1));
    assertThat(bench.open("pr-1").notices())
        .extracting(EnvironmentNotice::message)
        .containsExactly("environment \"pr-1\" expires in 2 h");
  }

  @Test
  void whoConnectsToOneThatNobodyHasUsedForLongIsToldSo() throws Exception {
    bench.open("pr-1").close();
    Duration margin = Bench.DROP_AFTER.dividedBy(10);
    bench.advance(Bench.DROP_AFTER.minus(margin));

    EnvironmentSession session = bench.open("pr-1");
    assertThat(session.notices())
        .extracting(EnvironmentNotice::message)
        .containsExactly("environment \"pr-1\" will be dropped in 7 h if nobody uses it");

    session.activity();
    bench.advance(margin);
    assertThat(bench.environments.list()).hasSize(1);
  }

  @Test
  void bothEndsAreShown() throws Exception {
    Instant created = bench.clock.instant();
    bench.open("pr-1").close();

    Endings endings = bench.environments.list().getFirst().endings();
    assertThat(requireNonNull(endings.expiry()).at()).isEqualTo(created.plus(EXPIRES));
    assertThat(requireNonNull(endings.idleDrop()).at()).isEqualTo(created.plus(Bench.DROP_AFTER));
    assertThat(endings.first()).isEqualTo(endings.idleDrop());

    Instant kept = created.plus(EXPIRES).plus(EXPIRES);
    Bench.await(bench.environments.keepUntil("pr-1", kept));
    Endings later = bench.environments.list().getFirst().endings();
    assertThat(List.of(requireNonNull(later.expiry()), requireNonNull(later.idleDrop())))
        .allSatisfy(ending -> assertThat(ending.at()).isEqualTo(kept));
  }

  @Test
  void nobodyIsToldOfTheEndOfWhatIsGuarded() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.guard("pr-1", true));
    assertThat(bench.environments.list().getFirst().endings()).isEqualTo(Endings.NONE);
    bench.advance(EXPIRES.minus(SECOND));

    assertThat(bench.open("pr-1").notices()).isEmpty();
  }

  @Test
  void whatIsLeftIsToldInHoursOrMinutes() {
    assertThat(Ending.words(Duration.ofHours(24))).isEqualTo("24 h");
    assertThat(Ending.words(Duration.ofMinutes(61))).isEqualTo("1 h");
    assertThat(Ending.words(Duration.ofMinutes(59))).isEqualTo("59 min");
    assertThat(Ending.words(Duration.ofSeconds(59))).isEqualTo("59 s");
    assertThat(Ending.words(Duration.ofMinutes(-2))).isEqualTo("0 s");
  }
}
