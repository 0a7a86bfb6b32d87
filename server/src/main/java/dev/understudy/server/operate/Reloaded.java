package dev.understudy.server.operate;

import dev.understudy.config.Problem;
import java.util.List;

/**
 * Settings that a daemon goes by from now on.
 *
 * @param waiting keys without {@code understudy.}, whose new values wait for a restart
 * @param warnings what is allowed but should be known
 */
public record Reloaded(List<String> waiting, List<Problem> warnings) {
  public Reloaded {
    waiting = List.copyOf(waiting);
    warnings = List.copyOf(warnings);
  }
}
