package dev.understudy.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CloneCostLimitsTest {
  private static final long MEGABYTE = 1_000_000;
  private static final long GIGABYTE = 1_000_000_000;

  @Test
  void whatIsKeptIsNotTold() {
    assertThat(
            CloneCostLimits.exceeded(
                List.of(
                    result(20 * GIGABYTE, 49, MEGABYTE - 1, 5 * MEGABYTE - 1),
                    result(GIGABYTE, 2, MEGABYTE - 1, 5 * MEGABYTE - 1))))
        .isEmpty();
  }

  @Test
  void whatIsExceededIsToldWithWhatWasMeasured() {
    assertThat(
            CloneCostLimits.exceeded(
                List.of(
                    result(GIGABYTE / 2, 50, MEGABYTE, 5 * MEGABYTE),
                    result(GIGABYTE / 10, 2, 0, 0))))
        .containsExactly(
            "median of the copy of 0.5 GB: 50.0 ms, required: less than 50",
            "own storage of a fresh clone of 0.5 GB: 1.0 MB, required: less than 1",
            "own storage of a clone of 0.5 GB of which all was read: 5.0 MB, required: less than 5",
            "ten clones of 0.5 GB: 10.0 % of it, required: less than 1");
  }

  @Test
  void whereTheSmallestTakesLongTheLargestMayTakeTwiceThat() {
    assertThat(
            CloneCostLimits.exceeded(
                List.of(result(GIGABYTE, 40, 0, 0), result(5 * GIGABYTE, 79, 0, 0))))
        .isEmpty();
    assertThat(
            CloneCostLimits.exceeded(
                List.of(result(GIGABYTE, 40, 0, 0), result(5 * GIGABYTE, 80, 0, 0))))
        .containsExactly("median of the copy of 5.0 GB: 80.0 ms, required: less than 80");
  }

  /** One of its clones has less of its own than the others. */
  @Test
  void ofStorageTheMostCounts() {
    CloneCost.Cost small = new CloneCost.Cost(1, 1, 0, 0);
    CloneCost.Cost big = new CloneCost.Cost(1, 1, 2 * MEGABYTE, 2 * MEGABYTE);

    assertThat(
            CloneCostLimits.exceeded(
                List.of(new CloneCost.Result(20 * GIGABYTE, List.of(small, big, small)))))
        .containsExactly("own storage of a fresh clone of 20.0 GB: 2.0 MB, required: less than 1");
  }

  /** Bytes and milliseconds, the same of ten clones. */
  private static CloneCost.Result result(long production, long copy, long fresh, long read) {
    return new CloneCost.Result(
        production,
        LongStream.range(0, 10)
            .mapToObj(_ -> new CloneCost.Cost(copy, copy, fresh, read))
            .toList());
  }
}
