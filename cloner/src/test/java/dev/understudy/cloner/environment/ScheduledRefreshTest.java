package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.config.RefreshPolicy;
import dev.understudy.config.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Environments that move to the newest snapshot at certain times. */
final class ScheduledRefreshTest extends RefreshingFixture {
  @Test
  void aScheduleMovesWhenThereIsANewerSnapshot() throws Exception {
    schedule("0 6 * * *");
    EnvironmentSession old = bench.open("staging");
    old.activity();
    bench.advance(Duration.ofHours(6)); // nothing newer
    assertThat(bench.open("staging").socket()).isEqualTo(old.socket());

    publish();
    bench.advance(Duration.ofHours(23));
    assertThat(bench.open("staging").socket()).isEqualTo(old.socket());
    bench.open("staging").activity();
    bench.advance(Duration.ofHours(1).plus(CONNECTED));
    bench.advance(Refreshing.LOOK_AGAIN);

    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void whatTheScheduleMissedWhileNoDaemonWorkedIsMadeUpFor() throws Exception {
    schedule("0 6 * * *");
    bench.open("staging").close();
    newest();
    bench.close();
    bench.clock.advance(Duration.ofHours(7));
    bench.restart();
    bench.advance(Duration.ZERO);

    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void whatIsHadBackIsNotMovedForATimeBefore() throws Exception {
    bench.undropWindow = Duration.ofDays(1);
    schedule("0 6 * * *");
    Path socket = bench.open("staging").socket();
    Bench.await(bench.environments.drop("staging"));
    newest();
    bench.advance(Duration.ofHours(7));
    Bench.await(bench.environments.undrop("staging", "staging"));
    bench.restart();
    bench.advance(Duration.ZERO);
    assertThat(bench.open("staging").socket()).isEqualTo(socket);

    bench.open("staging").activity();
    bench.close();
    bench.clock.advance(Duration.ofDays(1));
    bench.restart();
    bench.advance(Duration.ZERO);
    assertThat(bench.open("staging").dataTime()).isEqualTo(NEXT);
  }

  @Test
  void aDroppedOneHasNoSchedule() throws Exception {
    schedule("0 6 * * *");
    bench.open("staging").close();
    int alarms = bench.alarms.count();

    Bench.await(bench.environments.drop("staging"));

    assertThat(bench.alarms.count()).isLessThan(alarms);
  }

  private void schedule(String expression) throws Exception {
    bench.policies =
        List.of(
            new EnvironmentPolicy(new NamePattern("staging"), "prod", "shop", null)
                .with(
                    new RefreshPolicy(
                        new RefreshPolicy.Trigger.Scheduled(new Schedule(expression)),
                        RefreshPolicy.DEFAULT_GRACE,
                        RefreshPolicy.DEFAULT_MOST_SKIPS)));
    bench.restart();
  }
}
