package dev.understudy.benchmarks;

import dev.understudy.embedded.EmbeddedBinaries;
import dev.understudy.testing.Daemon;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.regex.MatchResult;

/** First connect that a spare serves, beside a connect to an environment that runs. */
record SpareConnect(int size, int rounds, int neighbours) {
  private static final int WARM_UP_ROUNDS = 2;
  private static final long PATIENCE_MILLIS = 120_000;

  /** Of the host, before each. */
  private static final long REST_MILLIS = 1_000;

  /** Nanoseconds; {@code again} is a connect to the environment that is there by then. */
  record Round(long first, long again, boolean spare) {}

  /**
   * All rounds of one kind.
   *
   * @param statements that neighbours ran meanwhile, each a transaction that writes
   */
  record Result(int neighbours, double seconds, long statements, List<Round> rounds) {}

  List<Result> measure(Path scratch) throws IOException, InterruptedException, SQLException {
    Path home = EmbeddedBinaries.unpack(scratch);
    try (Production production = Production.create(scratch.resolve("production"), home, size);
        OwnPool pool = OwnPool.create(scratch, 4L * size + 15);
        Clones clones = new Clones(pool.dataDirectory());
        Daemon daemon = Daemon.start(scratch, clones.dataDirectory(), settings(home, production))) {
      List<Result> results = new ArrayList<>();
      results.add(measure(daemon, 0));
      if (neighbours > 0) {
        results.add(measure(daemon, neighbours));
      }
      return results;
    }
  }

  private Result measure(Daemon daemon, int busy)
      throws IOException, InterruptedException, SQLException {
    try (Neighbours neighbours = Neighbours.begin(daemon, busy)) {
      List<Round> measured = new ArrayList<>();
      long begin = System.nanoTime();
      long before = neighbours.statements();
      for (int round = 0; round < WARM_UP_ROUNDS + rounds; round++) {
        awaitSpare(daemon);
        Round result = round(daemon, "b-" + busy + "-" + round);
        if (round >= WARM_UP_ROUNDS) {
          measured.add(result);
        }
      }
      return new Result(
          busy,
          (System.nanoTime() - begin) / 1e9,
          neighbours.statements() - before,
          List.copyOf(measured));
    }
  }

  private static Round round(Daemon daemon, String name) throws IOException {
    String database = "shop@" + name;
    long first = WireClient.login(daemon.address(), "app", database, Production.PASSWORD).ready();
    MatchResult made = DaemonLog.lastMade(daemon);
    long again = WireClient.login(daemon.address(), "app", database, Production.PASSWORD).ready();
    return new Round(first, again, made.group(1).equals(name) && made.group(2).equals("0"));
  }

  /** Until one was made behind the last that was taken. */
  private static void awaitSpare(Daemon daemon) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!DaemonLog.hasSpare(daemon)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("there is no spare:\n" + daemon.log());
      }
      Thread.sleep(100);
    }
    Thread.sleep(REST_MILLIS);
  }

  private static String settings(Path home, Production production) {
    return """
    postgresql.binaries = ["%s"]
    sources.prod { type = directory, directory = "%s", spares = 1 }
    environments."b-*" { source = prod, database = shop }
    environments."busy-*" { source = prod, database = shop }
    """
        .formatted(home, production.server().dataDirectory());
  }

  static String table(List<Result> results) throws IOException {
    StringBuilder table =
        new StringBuilder(
            "First connect that a spare serves, milliseconds: median (max).%nMachine: %s.%n%n"
                .formatted(Report.machine()));
    table.append("| busy neighbours | their writes | first | running | ratio | by a spare |\n");
    table.append("|---|---|---|---|---|---|\n");
    for (Result result : results) {
      Sample first = sample(result, Round::first);
      Sample again = sample(result, Round::again);
      table.append(
          String.format(
              Locale.ROOT,
              "| %d | %.0f/s | %s | %s | %.2f | %d of %d |%n",
              result.neighbours(),
              result.statements() / result.seconds(),
              first,
              again,
              first.median() / again.median(),
              result.rounds().stream().filter(Round::spare).count(),
              result.rounds().size()));
    }
    return table.toString();
  }

  private static Sample sample(Result result, ToLongFunction<Round> nanos) {
    return Sample.ofNanos(result.rounds().stream().mapToLong(nanos).toArray());
  }
}
