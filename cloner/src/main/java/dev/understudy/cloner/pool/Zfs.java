package dev.understudy.cloner.pool;

import dev.understudy.cloner.host.Programs;
import dev.understudy.cloner.host.ShortCommand;
import dev.understudy.cloner.host.ShortCommand.Result;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The {@code zfs} command. The library beneath it is for nobody but the command. Every call is
 * bounded in time and ends soon when interrupted, with the thread's flag set.
 */
final class Zfs {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** A dataset stays busy for a moment after it was unmounted, or a process on it was killed. */
  private static final Duration BUSY_PATIENCE = Duration.ofSeconds(30);

  private static final long BUSY_PAUSE_MILLIS = 50;

  private Zfs() {}

  /**
   * Runs it to its end.
   *
   * @throws IOException where it cannot be run; not if it only says no
   */
  static Result run(String... arguments) throws IOException {
    Path program =
        Programs.find("zfs")
            .orElseThrow(
                () -> new IOException("the command zfs is not installed (zfsutils-linux)"));
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(Arrays.asList(arguments));
    try {
      return ShortCommand.run(command, TIMEOUT);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** What it prints. */
  static String ask(String... arguments) throws IOException {
    return succeeded(run(arguments), arguments).output();
  }

  /** Waits a little where a dataset is busy. */
  static void change(String... arguments) throws IOException {
    succeeded(patiently(arguments), arguments);
  }

  /** As {@link #run}, and waits a little where a dataset is busy. */
  static Result patiently(String... arguments) throws IOException {
    long deadline = System.nanoTime() + BUSY_PATIENCE.toNanos();
    while (true) {
      Result result = run(arguments);
      if (result.succeeded() || !result.output().contains("busy") || System.nanoTime() > deadline) {
        return result;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(BUSY_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw interrupted();
      }
    }
  }

  /** True for a dataset or a snapshot. */
  static boolean exists(String dataset) throws IOException {
    Result result = run("list", "-H", "-o", "name", "-t", "filesystem,snapshot", dataset);
    if (!result.succeeded() && !saysMissing(result)) {
      throw failed(result, "list", dataset);
    }
    return result.succeeded();
  }

  static boolean saysMissing(Result result) {
    return result.output().contains("does not exist");
  }

  /** One property, as a program reads it. */
  static String property(String dataset, String name) throws IOException {
    return ask("get", "-Hp", "-o", "value", name, dataset).strip();
  }

  /** Rows of what it prints, by columns. */
  static List<List<String>> rows(String... arguments) throws IOException {
    return ask(arguments).lines().map(line -> List.of(line.split("\t", -1))).toList();
  }

  static IOException failed(Result result, String... arguments) {
    String words = result.output().lines().findFirst().orElse("status " + result.status());
    String message = "zfs " + String.join(" ", arguments) + ": " + words;
    return words.contains("out of space")
            || words.contains("quota exceeded")
            || words.contains("No space left")
        ? new PoolFullException("no space left in the pool (" + message + ")")
        : new IOException(message);
  }

  private static Result succeeded(Result result, String... arguments) throws IOException {
    if (!result.succeeded()) {
      throw failed(result, arguments);
    }
    return result;
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted");
  }
}
