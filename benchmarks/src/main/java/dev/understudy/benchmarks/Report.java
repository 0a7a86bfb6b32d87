package dev.understudy.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.understudy.benchmarks.FirstConnect.Result;
import dev.understudy.benchmarks.FirstConnect.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A small Markdown table for people and all rounds as JSON. */
final class Report {
  private static final Pattern CPU = Pattern.compile("model name\\s*: (.*)");

  private Report() {}

  static void write(Path output, List<Result> results) throws IOException {
    write(output, table(results), results);
  }

  /** The table goes to standard output, too. */
  static void write(Path output, String table, Object results) throws IOException {
    Files.createDirectories(output.toAbsolutePath().getParent());
    Files.writeString(Path.of(output + ".md"), table);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(Path.of(output + ".json").toFile(), results);
    System.out.print(table);
  }

  private static String table(List<Result> results) throws IOException {
    StringBuilder table = new StringBuilder();
    table.append(
        "First connect to a new environment, milliseconds: median (max).%nMachine: %s.%n%n"
            .formatted(machine()));
    table.append(
        "| production | authenticate | copy | start | connect | **all** | floor | ratio | connect"
            + " again | wake | bare start | ratio |\n");
    table.append("|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (Result result : results) {
      List<Round> rounds = result.rounds();
      Sample all = sample(rounds, Round::first);
      Sample floor = sample(rounds, round -> round.floor().total());
      Sample woken = sample(rounds, Round::woken);
      Sample bare = sample(rounds, round -> round.floor().start() + round.floor().connect());
      table.append(
          String.format(
              Locale.ROOT,
              "| %.1f GB | %s | %s | %s | %s | **%s** | %s | %.2f | %s | %s | %s | %.2f |%n",
              result.bytes() / 1e9,
              sample(rounds, round -> round.phases().authenticate()),
              sample(rounds, round -> round.phases().copy()),
              sample(rounds, round -> round.phases().start()),
              sample(rounds, round -> round.phases().connect()),
              all,
              floor,
              all.median() / floor.median(),
              sample(rounds, Round::again),
              woken,
              bare,
              woken.median() / bare.median()));
    }
    return table.toString();
  }

  private static Sample sample(List<Round> rounds, ToLongFunction<Round> nanos) {
    return Sample.ofNanos(rounds.stream().mapToLong(nanos).toArray());
  }

  static String machine() throws IOException {
    String cpu =
        CPU.matcher(Files.readString(Path.of("/proc/cpuinfo")))
            .results()
            .map(MatchResult::group)
            .findFirst()
            .map(line -> line.replaceFirst(".*: ", ""))
            .orElse("unknown processor");
    return "%d × %s, Linux %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(), cpu, System.getProperty("os.version"));
  }
}
