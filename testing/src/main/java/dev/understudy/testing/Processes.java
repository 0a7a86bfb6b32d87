package dev.understudy.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Short commands of the host. */
public final class Processes {
  private Processes() {}

  /** Runs a command to its end; its output, also of failures, is in the exception. */
  public static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(List.of(command) + " failed:\n" + output);
    }
    return output.strip();
  }
}
