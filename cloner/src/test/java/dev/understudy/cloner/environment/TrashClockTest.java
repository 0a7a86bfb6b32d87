package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.cloner.trash.TrashRecord;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The clock is set while something is in the trash. */
final class TrashClockTest extends BenchFixture {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration WINDOW = DAY;

  @BeforeEach
  void keepTrash() throws Exception {
    bench.undropWindow = WINDOW;
    bench.restart();
  }

  /** Of a clock that is set back afterwards, while no daemon works. */
  private void dropInTheFuture() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.close();
    bench.clock.advance(YEAR.negated());
    bench.restart();
  }

  @Test
  void whatWasJumpedOverIsNoPartOfTheWindowOfTheTrash() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.advance(Duration.ofHours(1));

    bench.alarms.jump(YEAR);
    bench.alarms.jump(YEAR.negated());
    bench.alarms.jump(YEAR);
    bench.advance(WINDOW.minusHours(1).minus(SECOND));
    assertThat(bench.environments.trash()).hasSize(1);

    bench.advance(SECOND);
    bench.awaitEmptyTrash();
  }

  @Test
  void whatWasDroppedInTheFutureGoesAWindowAfterTheStart() throws Exception {
    dropInTheFuture();

    bench.advance(WINDOW.minus(SECOND));
    assertThat(bench.environments.trash()).hasSize(1);
    bench.advance(SECOND);
    bench.awaitEmptyTrash();
  }

  @Test
  void whatWasDroppedInTheFutureGoesThenWhateverDaemonsStartMeanwhile() throws Exception {
    dropInTheFuture();
    bench.advance(WINDOW.dividedBy(2));
    bench.restart();

    bench.advance(WINDOW.dividedBy(2));

    bench.awaitEmptyTrash();
  }

  @Test
  void whatIsOverWhileNoDaemonWorksGoesWhenClientsHadTheirTime() throws Exception {
    bench.open("pr-1").close();
    Bench.await(bench.environments.drop("pr-1"));
    bench.close();
    bench.clock.advance(YEAR);
    bench.restartUnheard();

    bench.advance(DAY);
    assertThat(bench.environments.trash()).hasSize(1);
    bench.service.beginIdling();
    bench.advance(LifetimeWatch.GRACE.minus(SECOND));
    assertThat(bench.environments.trash()).hasSize(1);
    bench.advance(SECOND);
    bench.awaitEmptyTrash();
  }

  @Test
  void whatWasDroppedLastComesBackFirstWhateverTheClockSaid() throws Exception {
    dropInTheFuture();
    Path second = bench.open("pr-1").socket();
    Bench.await(bench.environments.drop("pr-1"));
    bench.close();
    bench.clock.advance(YEAR);
    bench.restart();
    assertThat(bench.environments.trash()).extracting(TrashRecord::number).containsExactly(2L, 1L);

    Bench.await(bench.environments.undrop("pr-1", "pr-1"));

    assertThat(bench.open("pr-1").socket()).isEqualTo(second);
  }
}
