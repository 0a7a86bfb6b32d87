package dev.understudy.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ends the server of an environment cleanly, as the daemon does when nobody uses it. */
record CleanStop(Path dataDirectory) {
  private static final Pattern TARGET = Pattern.compile("\"target\" : \"([^\"]+)\"");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Returns when no process of it is left. */
  void of(String environment) throws IOException, InterruptedException {
    Path record = dataDirectory.resolve("environments").resolve(environment + ".json");
    Matcher target = TARGET.matcher(Files.readString(record));
    if (!target.find()) {
      throw new IOException(record + " names no clone");
    }
    String clone = dataDirectory.resolve("clones").resolve(target.group(1)) + "/";
    outermost(clone).stream()
        .flatMap(ProcessHandle::descendants)
        .filter(process -> line(process).startsWith("/postgresql/bin/postgres "))
        .forEach(ProcessHandle::destroy);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!outermost(clone).isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("the server of " + environment + " has not ended");
      }
      Thread.sleep(10);
    }
  }

  private static List<ProcessHandle> outermost(String clone) {
    return ProcessHandle.allProcesses().filter(process -> line(process).contains(clone)).toList();
  }

  private static String line(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }
}
