package dev.understudy.server.operate;

import org.jspecify.annotations.Nullable;

/** Who may open which environment, by the rules that connections are judged by. */
@FunctionalInterface
public interface Permissions {
  /** Why somebody may not open an environment, from where they ask; null: they may. */
  @Nullable OperationException refusal(Actor actor, String environment);
}
