package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

/** What PostgreSQL has to do at a copy's first start before it is a consistent whole. */
public sealed interface Completion {
  /**
   * Archive recovery, after which it is on a timeline of its own.
   *
   * @param timeline that the copy is on
   * @param start where recovery begins
   * @param stop where the copy becomes consistent
   */
  record Recovery(int timeline, Lsn start, Lsn stop) implements Completion {
    public Recovery {
      requireNonNull(start, "start is null");
      requireNonNull(stop, "stop is null");
    }
  }

  /** Nothing: it is of a cluster of our own, whose server was stopped cleanly. */
  record Nothing() implements Completion {}
}
