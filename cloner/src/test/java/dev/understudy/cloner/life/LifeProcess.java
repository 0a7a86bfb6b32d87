package dev.understudy.cloner.life;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The process of a {@link LifeDaemon}. Used by one thread; anyone may kill it. */
final class LifeProcess {
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;

  private LifeProcess(Process process) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Returns when it serves. */
  static LifeProcess start(
      Path directory, Path production, Path home, Path hook, Path log, ModelTime time)
      throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            LifeDaemon.class.getName(),
            directory.toString(),
            production.toString(),
            home.toString(),
            hook.toString(),
            String.valueOf(time.clockMillis()),
            String.valueOf(time.ownMillis()));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    LifeProcess started = new LifeProcess(builder.start());
    started.answer();
    return started;
  }

  /** Asks, and returns what follows {@code ok}. */
  String ask(String... words) throws IOException, Refused {
    begin(words);
    return answer();
  }

  /** Asks and does not wait for an answer. */
  void begin(String... words) throws IOException {
    commands.write(String.join(" ", words));
    commands.newLine();
    commands.flush();
  }

  private String answer() throws IOException, Refused {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the daemon is dead");
    }
    if (line.startsWith("error ")) {
      throw new Refused(line.substring(6, 11), line.substring(12));
    }
    return line.substring(2).strip();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(30, TimeUnit.SECONDS);
  }

  /** It was refused. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final String sqlState;

    Refused(String sqlState, String message) {
      super(sqlState + " " + message);
      this.sqlState = sqlState;
    }
  }

  void close() throws Exception {
    kill();
  }
}
