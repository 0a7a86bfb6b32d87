package dev.understudy.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Times of one thing in milliseconds, sorted. */
record Sample(List<Double> milliseconds) {
  static Sample ofNanos(long... nanos) {
    return new Sample(Arrays.stream(nanos).sorted().mapToObj(each -> each / 1e6).toList());
  }

  static Sample of(List<Long> nanos) {
    return ofNanos(nanos.stream().mapToLong(Long::longValue).toArray());
  }

  double median() {
    return milliseconds.get(milliseconds.size() / 2);
  }

  /** The 99th percentile; of less than a hundred the longest. */
  double p99() {
    return milliseconds.get(
        (int) Math.min(milliseconds.size() - 1L, milliseconds.size() * 99L / 100));
  }

  double max() {
    return milliseconds.getLast();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f (max %.0f)", median(), max());
  }
}
