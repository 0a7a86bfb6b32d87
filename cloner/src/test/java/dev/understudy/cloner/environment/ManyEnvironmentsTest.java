package dev.understudy.cloner.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As many as one machine is to carry. */
@Timeout(120)
final class ManyEnvironmentsTest {
  private static final int MANY = 1_000;

  /** It takes about a millisecond; a look at a disk for each would not be done by then. */
  private static final Duration BOUND = Duration.ofMillis(100);

  @Test
  void listingLooksAtNoDisk(@TempDir Path directory) throws Exception {
    try (Bench bench = new Bench(directory)) {
      for (int number = 0; number < MANY; number++) {
        bench.open("pr-" + number);
      }
      long best = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long begin = System.nanoTime();
        assertThat(bench.environments.list()).hasSize(MANY);
        best = Math.min(best, System.nanoTime() - begin);
      }

      assertThat(Duration.ofNanos(best)).isLessThan(BOUND);
      System.out.printf("listing %d environments: %.2f ms%n", MANY, best / 1e6);
    }
  }
}
