package dev.understudy.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What a clone may cost at most, whatever the size of production. */
final class CloneCostLimits {
  /** The copy of the largest production takes less than so many times the smallest's. */
  static final double FACTOR = 2;

  /**
   * A copy that is shorter is no longer for the size of production: a snapshot of a subvolume takes
   * a few milliseconds, and waits for a busy disk. One that linked 20 GB file by file would take
   * some hundred milliseconds, and one that read them seconds.
   */
  static final double NOISE_MILLISECONDS = 50;

  static final double FRESH_MEGABYTES = 1;
  static final double READ_MEGABYTES = 5;

  /** Of the largest production, for ten clones of it. */
  static final double TEN_PERCENT = 1;

  private CloneCostLimits() {}

  /** A line for each that is not kept, with what was measured. */
  static List<String> exceeded(List<CloneCost.Result> results) {
    Limits limits = new Limits();
    List<CloneCost.Result> bySize =
        results.stream().sorted(Comparator.comparingLong(CloneCost.Result::production)).toList();
    CloneCost.Result largest = bySize.getLast();
    limits.require(
        "median of the copy of " + size(largest),
        copyMillis(largest),
        Math.max(FACTOR * copyMillis(bySize.getFirst()), NOISE_MILLISECONDS),
        "ms");
    for (CloneCost.Result result : bySize) {
      limits.require(
          "own storage of a fresh clone of " + size(result),
          most(result, CloneCost.Cost::fresh),
          FRESH_MEGABYTES,
          "MB");
      limits.require(
          "own storage of a clone of %s of which all was read".formatted(size(result)),
          most(result, CloneCost.Cost::read),
          READ_MEGABYTES,
          "MB");
    }
    double mean = largest.clones().stream().mapToLong(CloneCost.Cost::read).average().orElseThrow();
    limits.require(
        "ten clones of " + size(largest),
        100 * 10 * mean / largest.production(),
        TEN_PERCENT,
        "% of it");
    return limits.exceeded();
  }

  private static double copyMillis(CloneCost.Result result) {
    return Sample.ofNanos(
            result.clones().stream().mapToLong(cost -> cost.copyMillis() * 1_000_000).toArray())
        .median();
  }

  private static double most(CloneCost.Result result, ToLongFunction<CloneCost.Cost> bytes) {
    return result.clones().stream().mapToLong(bytes).max().orElseThrow() / 1e6;
  }

  private static String size(CloneCost.Result result) {
    return String.format(Locale.ROOT, "%.1f GB", result.production() / 1e9);
  }
}
