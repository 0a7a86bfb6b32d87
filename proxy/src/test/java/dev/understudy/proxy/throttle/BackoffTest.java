package dev.understudy.proxy.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  private final Backoff backoff =
      new Backoff(2, Duration.ofSeconds(1), Duration.ofSeconds(6), Duration.ofMinutes(1));

  @Test
  void pausesDoubleUpToTheLongest() {
    assertThat(
            IntStream.range(0, 9)
                .mapToObj(n -> Duration.ofNanos(backoff.pauseNanos(n)).toSeconds()))
        .containsExactly(0L, 0L, 0L, 1L, 2L, 4L, 6L, 6L, 6L);
    assertThat(backoff.pauseNanos(Integer.MAX_VALUE)).isEqualTo(6_000_000_000L);
  }

  @Test
  void countsNoFurtherThanItMatters() {
    assertThat(backoff.mostFailures()).isEqualTo(6);
  }
}
