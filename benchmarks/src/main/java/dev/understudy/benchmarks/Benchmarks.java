package dev.understudy.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of {@code benchmarks/run}. */
@Command(
    name = "benchmarks/run",
    description = "Measures Understudy as its users run it, beside a floor in the same run.",
    mixinStandardHelpOptions = true,
    subcommands = {FirstConnect.class, CloneCost.class, Crowd.class, TlsEngines.class})
public final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Benchmarks()).execute(arguments));
  }
}
