package dev.understudy.server.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {
  @ParameterizedTest
  @CsvSource({
    "2 days, PT48H",
    "3h, PT3H",
    "1 week, PT168H",
    "2W, PT336H",
    "' 1 day 2 hours 3 min ', PT26H3M",
    "90s, PT1M30S",
    "1 month, PT720H",
    "2 mons, PT1440H",
    "1 year 1 day, PT8784H",
    "10 years, PT87600H",
    "02:00:00, PT2H",
    "1:30, PT1H30M",
    "1 day 00:00:05, PT24H5S"
  })
  void reads(String text, Duration expected) {
    assertThat(Interval.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2",
        "days",
        "2 moons",
        "-1 day",
        "1.5 days",
        "0 days",
        "5000 days",
        "11 years",
        "00:00",
        "1:60",
        "1:2:3:4",
        "1:234:5"
      })
  void refuses(String text) {
    assertThatThrownBy(() -> Interval.parse(text))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("\"" + text + "\"");
  }
}
