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

  private DaemonLog() {}

  /** The groups of the line of the environment that was made last. */
  static MatchResult lastMade(Daemon daemon) throws IOException {
    String log = daemon.log();
    return MADE.matcher(log)
        .results()
        .reduce((first, second) -> second)
        .orElseThrow(() -> new IOException("no line like " + MADE + " in the log:\n" + log));
  }

  /** How many environments it has made so far. */
  static long made(Daemon daemon) throws IOException {
    return MADE.matcher(daemon.log()).results().count();
  }

  /** What the look at production cost, to standard error. */
  static void showSource(Daemon daemon) throws IOException {
    daemon.log().lines().filter(line -> line.contains("source prod:")).forEach(System.err::println);
  }
}
