package dev.understudy.server.operate;

import org.jspecify.annotations.Nullable;

/** Who may open which environment, by the rules that connections are judged by. */
@FunctionalInterface
public interface Permissions {
  /** Why a login may not open an environment; null: it may. */
  @Nullable OperationException refusal(String login, String environment);
}
