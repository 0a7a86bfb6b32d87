package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself in {@code postmaster.pid}. It is only its word: used to find
 * production, which then has to prove that it is the one.
 *
 * @param started when, in seconds of Unix time
 * @param socketDirectory null if it has none
 * @param status "ready", "standby", "starting" or "stopping"
 */
public record PostmasterPid(
    long pid, long started, int port, @Nullable String socketDirectory, String status) {
  private static final int LINES = 8;

  public PostmasterPid {
    requireNonNull(status, "status is null");
  }

  /**
   * Understands the file's text.
   *
   * @throws IOException where it is not complete, as a server that is just starting leaves it
   */
  static PostmasterPid parse(String text) throws IOException {
    List<String> lines = text.lines().toList();
    if (lines.size() < LINES) {
      throw new IOException("postmaster.pid is not complete");
    }
    try {
      String socketDirectory = lines.get(4).strip();
      return new PostmasterPid(
          Long.parseLong(lines.get(0).strip()),
          Long.parseLong(lines.get(2).strip()),
          Integer.parseInt(lines.get(3).strip()),
          socketDirectory.isEmpty() ? null : socketDirectory,
          lines.get(7).strip());
    } catch (NumberFormatException e) {
      throw new IOException("postmaster.pid is not one of PostgreSQL's", e);
    }
  }

  /** True if a process of that number exists; it may be another one by now. */
  boolean processExists() {
    return ProcessHandle.of(pid).isPresent();
  }
}
