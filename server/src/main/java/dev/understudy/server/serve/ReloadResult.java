package dev.understudy.server.serve;

import dev.understudy.config.Problem;
import java.util.List;

/** What came of an attempt to take up changed settings. */
public sealed interface ReloadResult {
  /**
   * The daemon goes by the new settings.
   *
   * @param waiting keys without {@code understudy.}, whose new values wait for a restart
   * @param warnings what is allowed but should be known
   */
  record Applied(List<String> waiting, List<Problem> warnings) implements ReloadResult {
    public Applied {
      waiting = List.copyOf(waiting);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Nothing has changed.
   *
   * @param problems all that is wrong
   */
  record Refused(List<Problem> problems) implements ReloadResult {
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
