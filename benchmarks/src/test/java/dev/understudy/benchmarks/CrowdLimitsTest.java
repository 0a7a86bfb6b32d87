package dev.understudy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CrowdLimitsTest {
  private static final long MEGABYTE = 1_000_000;
  private static final long MILLISECOND = 1_000_000;

  @Test
  void whatIsKeptIsNotTold() {
    assertThat(CrowdLimits.exceeded(result(11, 299, 99, 199, 1_999, 100))).isEmpty();
  }

  @Test
  void whatIsExceededIsToldWithWhatWasMeasured() {
    assertThat(CrowdLimits.exceeded(result(12, 300, 100, 200, 2_000, 99)))
        .containsExactly(
            "memory of a running idle clone: 12.0 MB, required: less than 12",
            "memory of the daemon: 300.0 MB, required: less than 300",
            "median of SHOW ENVIRONMENTS: 100.0 ms, required: less than 100",
            "99th percentile of wakes on a quiet host: 200.0 ms, required: less than 200",
            "99th percentile of wakes beside others that write: 200.0 ms, required: less than 200",
            "from the start after a crash to the first login: 2000.0 ms, required: less than 2000",
            "of 100 servers that ran at the crash 99 run on");
  }

  @Test
  void theLongestOfManyIsBeyondThe99thPercentile() {
    List<Long> wakes =
        LongStream.rangeClosed(1, 200)
            .map(number -> (number == 200 ? 9_000 : number) * MILLISECOND)
            .boxed()
            .toList();

    assertThat(Sample.of(wakes).p99()).isEqualTo(199.0);
    assertThat(Sample.of(wakes).max()).isEqualTo(9_000.0);
  }

  /** Megabytes and milliseconds; a hundred servers ran. */
  private static CrowdResult result(
      long clone, long daemon, long list, long wake, long login, long adopted) {
    return new CrowdResult(
        1000,
        100,
        List.of(),
        0,
        clone * MEGABYTE,
        daemon * MEGABYTE,
        List.of(list * MILLISECOND),
        List.of(MILLISECOND, wake * MILLISECOND),
        List.of(MILLISECOND, wake * MILLISECOND),
        List.of(),
        new Restart(login * MILLISECOND, login * MILLISECOND, 100, adopted));
  }
}
