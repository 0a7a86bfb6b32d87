package dev.understudy.cloner.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.understudy.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * pgbench with its own script, which is TPC-B: whatever a transaction does, the balances of
 * accounts, branches and tellers and the entries of the history have one sum.
 */
final class Load implements AutoCloseable {
  /** Longer than any test; it is ended before. */
  private static final String SECONDS = "86400";

  private final Process process;
  private final Path output;

  private Load(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Makes the tables. */
  static void prepare(Path home, EmbeddedPostgres production, String database, int scale)
      throws Exception {
    Path output = Files.createTempFile("understudy-pgbench", ".log");
    try {
      Process made =
          command(home, production, "-i", "-q", "-s", Integer.toString(scale), database)
              .redirectOutput(output.toFile())
              .start();
      assertThat(made.waitFor(300, TimeUnit.SECONDS)).isTrue();
      assertThat(made.exitValue()).as(Files.readString(output)).isZero();
    } finally {
      Files.delete(output);
    }
  }

  /**
   * Begins.
   *
   * @param rate transactions a second
   */
  static Load begin(Path home, EmbeddedPostgres production, String database, int rate)
      throws IOException {
    Path output = Files.createTempFile("understudy-pgbench", ".log");
    ProcessBuilder builder =
        command(
            home,
            production,
            "-n",
            "-c",
            "4",
            "-R",
            Integer.toString(rate),
            "-T",
            SECONDS,
            database);
    return new Load(builder.redirectOutput(output.toFile()).start(), output);
  }

  private static ProcessBuilder command(
      Path home, EmbeddedPostgres production, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/pgbench").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGHOST", production.socketDirectory().toString());
    builder.environment().put("PGPORT", Integer.toString(production.port()));
    builder.environment().put("PGUSER", BusyProduction.BENCH);
    return builder;
  }

  /** Ends it as its own alarm would, and returns what it says; fails if anything had failed. */
  String end() throws IOException, InterruptedException {
    assertThat(process.isAlive()).as("pgbench has ended: %s", Files.readString(output)).isTrue();
    new ProcessBuilder("kill", "-ALRM", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String said = Files.readString(output);
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).contains("number of failed transactions: 0 ").doesNotContain("error:");
    return said;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(output);
  }
}
