package dev.understudy.server.metrics;

import java.util.Locale;

/** How a connection found its environment. */
public enum OpenKind {
  /** Its server ran. */
  RUNNING,
  /** Its server was started, or was about to be ready. */
  WOKEN,
  /** It was made of a spare. */
  SPARE,
  /** It was copied from its snapshot and started. */
  CREATED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
