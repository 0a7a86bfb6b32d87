package dev.understudy.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;

/** Compares what was measured with what it may be. Not thread-safe. */
final class Limits {
  private final List<String> exceeded = new ArrayList<>();

  void require(String what, double measured, double below, String unit) {
    if (measured >= below) {
      exceeded(
          String.format(
              Locale.ROOT, "%s: %.1f %s, required: less than %.0f", what, measured, unit, below));
    }
  }

  void exceeded(String line) {
    exceeded.add(line);
  }

  /** A line for each that is not kept, with what was measured. */
  List<String> exceeded() {
    return List.copyOf(exceeded);
  }

  /** Prints the lines; the exit code that follows from them. */
  static int tell(List<String> exceeded) {
    exceeded.forEach(System.err::println);
    return exceeded.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }
}
