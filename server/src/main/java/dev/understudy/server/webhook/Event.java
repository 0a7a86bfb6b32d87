package dev.understudy.server.webhook;

import static java.util.Objects.requireNonNull;

/** What a delivery says. */
public sealed interface Event {
  /**
   * A pull request is closed, merged or not.
   *
   * @param repository with its owner or group: {@code acme/shop}
   * @param number that people see
   */
  record Closed(String repository, long number) implements Event {
    public Closed {
      requireNonNull(repository, "repository is null");
    }
  }

  /**
   * Nothing to be done.
   *
   * @param what for people
   */
  record Other(String what) implements Event {
    public Other {
      requireNonNull(what, "what is null");
    }
  }
}
