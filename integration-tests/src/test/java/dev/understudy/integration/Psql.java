package dev.understudy.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** psql as people run it, which ends by itself. */
final class Psql {
  private final int port;
  private final String user;
  private final String password;

  Psql(int port, String user, String password) {
    this.port = port;
    this.user = user;
    this.password = password;
  }

  /** What it has written, errors too. */
  String run(String database, String... arguments) throws IOException, InterruptedException {
    Process process = start(database, arguments);
    String output = output(process);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("psql does not end:\n" + output);
    }
    return output;
  }

  Process start(String database, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("psql", "-X", "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", user));
    command.addAll(List.of("-d", database, "--csv"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGPASSWORD", password);
    builder.environment().put("PGSSLMODE", "disable");
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
