package dev.understudy.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferenceTest {
  private static final Duration USUAL = Duration.ofSeconds(60);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "respond-async | PT0S | respond-async",
        "wait=10 | PT10S | wait=10",
        "WAIT = \"10\" | PT10S | wait=10",
        "respond-async, wait=5 | PT5S | respond-async, wait=5",
        "wait=5, wait=6 | PT5S | wait=5",
        "wait=999999999 | PT5M | wait=300",
        "return=minimal, wait=3;x=y | PT3S | wait=3",
      })
  void reads(String header, Duration wait, String applied) {
    assertThat(Preference.of(List.of(header), USUAL)).isEqualTo(new Preference(wait, applied));
  }

  @ParameterizedTest
  @CsvSource({"''", "wait", "wait=x", "wait=-1", "return=minimal", "',,,'"})
  void passesOverWhatItDoesNotKnow(String header) {
    assertThat(Preference.of(List.of(header), USUAL)).isEqualTo(new Preference(USUAL, ""));
  }

  @Test
  void severalHeadersAreOne() {
    assertThat(Preference.of(List.of("respond-async", "wait=2"), USUAL).patience())
        .isEqualTo(Duration.ofSeconds(2));
  }
}
