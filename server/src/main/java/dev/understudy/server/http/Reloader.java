package dev.understudy.server.http;

import java.util.List;

/** Takes up the settings file anew. */
@FunctionalInterface
public interface Reloader {
  /** Reads the file. Blocks. */
  Outcome reload();

  /**
   * What came of it.
   *
   * @param problems all that is wrong; then nothing has changed
   * @param waiting keys whose new values wait for a restart
   * @param warnings what is allowed but should be known
   */
  record Outcome(List<String> problems, List<String> waiting, List<String> warnings) {
    public Outcome {
      problems = List.copyOf(problems);
      waiting = List.copyOf(waiting);
      warnings = List.copyOf(warnings);
    }
  }
}
