package dev.understudy.benchmarks;

import dev.understudy.testing.Daemon;
import java.io.IOException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What the daemon itself says of its work. */
final class DaemonLog {
  /** Of each environment that it makes: its name; all, copy, configure, start in milliseconds. */
  private static final Pattern MADE =
      Pattern.compile(
          "environment (\\S+): made in (\\d+) ms \\(copy (\\d+), configure (\\d+), start"
              + " (\\d+)\\)");

  private static final Pattern SPARE = Pattern.compile("source \\S+: .* is spare");

  private DaemonLog() {}

  /** The groups of the line of the environment that was made last. */
  static MatchResult lastMade(Daemon daemon) throws IOException {
    String log = daemon.log();
    return MADE.matcher(log)
        .results()
        .reduce((first, second) -> second)
        .orElseThrow(() -> new IOException("no line like " + MADE + " in the log:\n" + log));
  }

  /** Whether a spare is there: it was made after the last environment. */
  static boolean hasSpare(Daemon daemon) throws IOException {
    String log = daemon.log();
    int made = MADE.matcher(log).results().mapToInt(MatchResult::end).max().orElse(0);
    return SPARE.matcher(log).find(made);
  }

  /** What the look at production cost, to standard error. */
  static void showSource(Daemon daemon) throws IOException {
    daemon.log().lines().filter(line -> line.contains("source prod:")).forEach(System.err::println);
  }
}
