package dev.understudy.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpokenTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final Spoken spoken = new Spoken(() -> NOW);

  @ParameterizedTest
  @CsvSource({
    "0, 0s",
    "59, 59s",
    "60, 1m",
    "3599, 59m",
    "3600, 1h",
    "172799, 47h",
    "172800, 2d",
    "-5, 0s"
  })
  void agesHaveOneUnit(long seconds, String words) {
    assertThat(spoken.age(time(-seconds))).isEqualTo(words);
  }

  @Test
  void whatIsToComeIsAhead() {
    assertThat(spoken.until(time(7_200))).isEqualTo("in 2h");
    assertThat(spoken.until(time(-1))).isEqualTo("soon");
    assertThat(spoken.until(JSON.nullNode())).isEqualTo("-");
    assertThat(spoken.age(JSON.missingNode())).isEqualTo("-");
  }

  @Test
  void theEarlierOfTwoThatMayBeNone() {
    assertThat(Spoken.earlier(time(5), time(3))).isEqualTo(time(3));
    assertThat(Spoken.earlier(JSON.nullNode(), time(3))).isEqualTo(time(3));
    assertThat(Spoken.earlier(time(3), JSON.nullNode())).isEqualTo(time(3));
    assertThat(Spoken.earlier(JSON.nullNode(), JSON.nullNode()).isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "1200000, 1.1 MiB", "53687091200, 50 GiB"})
  void sizesHaveThreeDigits(long bytes, String words) {
    assertThat(Spoken.size(JSON.numberNode(bytes))).isEqualTo(words);
  }

  private static JsonNode time(long seconds) {
    return JSON.textNode(NOW.plusSeconds(seconds).toString());
  }
}
