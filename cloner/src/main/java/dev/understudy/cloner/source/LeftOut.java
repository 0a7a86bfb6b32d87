package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Something of production's that did not come along, or came along changed. Tells names, never
 * values.
 *
 * @param database null: of the whole cluster
 */
public record LeftOut(Kind kind, @Nullable String database, String name, String action) {
  /** What it is. */
  public enum Kind {
    SETTING,
    ROLE,
    DATABASE,
    SUBSCRIPTION,
    PUBLICATION,
    EVENT_TRIGGER,
    EXTENSION,
    SECURITY_LABEL,
    /** What the planner knows of a table. */
    STATISTICS,
    /** Anything that could not be restored. */
    FAILED_OBJECT
  }

  public LeftOut {
    requireNonNull(kind, "kind is null");
    requireNonNull(name, "name is null");
    requireNonNull(action, "action is null");
  }
}
