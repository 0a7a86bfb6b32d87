package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.config.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TimetableTest {
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final Timetable.Plan DAILY =
      new Timetable.Plan(new Schedule("0 4 * * *"), ZoneOffset.UTC);

  private Instant now = NOON;
  private Timetable.Plan plan = DAILY;

  @Test
  void isDueAsScheduled() {
    Timetable timetable = daily(NOON);

    assertThat(timetable.untilDue()).contains(Duration.ofHours(16));
    now = now.plus(Duration.ofHours(16));
    assertThat(timetable.untilDue()).contains(Duration.ZERO);
    timetable.succeeded();
    assertThat(timetable.untilDue()).contains(Duration.ofDays(1));
  }

  @Test
  void whatWasMissedIsDueNow() {
    assertThat(daily(NOON.minus(Duration.ofDays(2))).untilDue().orElseThrow()).isNegative();
  }

  @Test
  void nothingIsDueWithoutASchedule() {
    plan = new Timetable.Plan(null, ZoneOffset.UTC);
    Timetable timetable = daily(Instant.EPOCH);

    assertThat(timetable.untilDue()).isEmpty();
    timetable.failed();
    assertThat(timetable.untilDue()).contains(Duration.ofMinutes(1));
    timetable.succeeded();
    assertThat(timetable.untilDue()).isEmpty();
  }

  @Test
  void pausesGrowUntilItSucceeds() {
    Timetable timetable = daily(NOON);

    for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(timetable.failed()).isEqualTo(Duration.ofMinutes(minutes));
      assertThat(timetable.untilDue()).contains(Duration.ofMinutes(minutes));
    }
    timetable.succeeded();
    assertThat(timetable.failed()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aClockThatIsSetBackPutsNothingOff() {
    Timetable timetable = daily(NOON);
    now = NOON.minus(Duration.ofDays(365));

    assertThat(timetable.untilDue()).contains(Duration.ofHours(16));
    now = now.plus(Duration.ofHours(16));
    assertThat(timetable.untilDue()).contains(Duration.ZERO);
    timetable.failed();
    now = now.minus(Duration.ofDays(365));
    assertThat(timetable.untilDue()).contains(Duration.ofHours(1));
  }

  @Test
  void aSnapshotFromTheFuturePutsNothingOff() {
    assertThat(daily(NOON.plus(Duration.ofDays(365))).untilDue()).contains(Duration.ofHours(16));
  }

  @Test
  void anotherPlanHoldsFromNowOn() {
    Timetable timetable = daily(NOON.minus(Duration.ofDays(2)));
    plan = new Timetable.Plan(new Schedule("0 4 * * *"), ZoneId.of("Europe/Berlin"));

    assertThat(timetable.untilDue()).contains(Duration.ofHours(14));
    plan = new Timetable.Plan(null, ZoneOffset.UTC);
    assertThat(timetable.untilDue()).isEmpty();
    plan = DAILY;
    assertThat(timetable.untilDue()).contains(Duration.ofHours(16));
  }

  @Test
  void whatHasFailedIsTriedAgainWhateverThePlan() {
    Timetable timetable = daily(NOON);
    timetable.failed();
    plan = new Timetable.Plan(null, ZoneOffset.UTC);

    assertThat(timetable.untilDue()).contains(Duration.ofMinutes(1));
  }

  private Timetable daily(Instant since) {
    return new Timetable(() -> plan, () -> now, since);
  }
}
