package dev.understudy.cloner.hook;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.config.EnvironmentPolicy;

/** Runs the hooks of a policy. */
@FunctionalInterface
public interface HookRunner {
  HookRunner NONE = (clone, policy) -> {};

  /**
   * Runs all of them on a clone whose server runs, one after the other. Blocks; no process of
   * theirs is left when this returns.
   *
   * @throws CloneException for the first that fails, with the end of what it has said
   */
  void run(Clone clone, EnvironmentPolicy policy) throws CloneException, InterruptedException;
}
