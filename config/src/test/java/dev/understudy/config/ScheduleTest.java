package dev.understudy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void namesEachDay() {
    assertThat(moments("0 4 * * *", "2026-01-01T00:00:00Z", 2))
        .containsExactly("2026-01-01T03:00:00Z", "2026-01-02T03:00:00Z");
  }

  @Test
  void theMomentItselfIsNotAfterIt() {
    assertThat(moments("0 4 * * *", "2026-01-01T03:00:00Z", 1))
        .containsExactly("2026-01-02T03:00:00Z");
  }

  /** From 02:00 to 03:00 there was no time on March 29th. */
  @Test
  void happensOnceInTheNightThatLacksAnHour() {
    assertThat(moments("30 2 * * *", "2026-03-28T12:00:00Z", 2))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    assertThat(moments("0 4 * * *", "2026-03-28T12:00:00Z", 2))
        .containsExactly("2026-03-29T02:00:00Z", "2026-03-30T02:00:00Z");
  }

  /** 02:00 to 03:00 came twice on October 25th. */
  @Test
  void happensOnceInTheNightThatRepeatsAnHour() {
    assertThat(moments("30 2 * * *", "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    assertThat(moments("0 4 * * *", "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T03:00:00Z", "2026-10-26T03:00:00Z");
  }

  @Test
  void hoursAreAnHourApartInEveryNight() {
    assertThat(moments("0 * * * *", "2026-03-28T23:30:00Z", 4))
        .containsExactly(
            "2026-03-29T00:00:00Z",
            "2026-03-29T01:00:00Z",
            "2026-03-29T02:00:00Z",
            "2026-03-29T03:00:00Z");
    assertThat(moments("0 * * * *", "2026-10-24T23:30:00Z", 4))
        .containsExactly(
            "2026-10-25T00:00:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T02:00:00Z",
            "2026-10-25T03:00:00Z");
  }

  @Test
  void mayNeverHappen() {
    assertThat(new Schedule("0 0 30 2 *").next(Instant.EPOCH, BERLIN)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "daily", "0 4 * *", "0 25 * * *", "0 4 * * * *", "*/0 * * * *"})
  void refusesWhatIsNoCronExpression(String text) {
    assertThatThrownBy(() -> new Schedule(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no cron expression");
  }

  private static List<String> moments(String expression, String after, int count) {
    Schedule schedule = new Schedule(expression);
    List<String> moments = new ArrayList<>();
    Instant last = Instant.parse(after);
    for (int i = 0; i < count; i++) {
      last = schedule.next(last, BERLIN).orElseThrow();
      moments.add(last.toString());
    }
    return moments;
  }
}
