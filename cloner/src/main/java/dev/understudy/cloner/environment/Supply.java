package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.MadeClone;
import dev.understudy.cloner.clone.Terms;
import dev.understudy.cloner.hook.HookRunner;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.config.EnvironmentPolicy;
import java.util.concurrent.Semaphore;

/** Where environments get clones from: all that is done before anybody gets in. */
final class Supply {
  private final Clones clones;
  private final HookRunner hooks;
  private final Semaphore places;

  /**
   * @param places how many clones may be made or started side by side; fair
   */
  Supply(Clones clones, HookRunner hooks, Semaphore places) {
    this.clones = requireNonNull(clones, "clones is null");
    this.hooks = requireNonNull(hooks, "hooks is null");
    this.places = requireNonNull(places, "places is null");
  }

  /**
   * A clone whose server runs, for an environment of that policy. Blocks.
   *
   * @throws CloneException and nothing of it is left, or soon will be
   */
  MadeClone get(HeldSnapshot held, EnvironmentPolicy policy)
      throws CloneException, InterruptedException {
    Terms terms = Terms.of(policy);
    boolean prepared = !policy.hooks().afterCreate().isEmpty();
    MadeClone clone = create(held, policy, prepared ? terms.writable() : terms);
    boolean ready = false;
    try {
      if (prepared) {
        prepare(clone.made(), policy, terms);
      }
      ready = true;
      return clone;
    } finally {
      if (!ready) {
        clones.remove(clone.made());
      }
    }
  }

  private MadeClone create(HeldSnapshot held, EnvironmentPolicy policy, Terms terms)
      throws CloneException, InterruptedException {
    places.acquire();
    try {
      return clones.create(held.snapshot(), policy.isDurable(), terms);
    } finally {
      places.release();
    }
  }

  /** Takes as long as the hooks do, and none of the places meanwhile. */
  private void prepare(Clone clone, EnvironmentPolicy policy, Terms terms)
      throws CloneException, InterruptedException {
    hooks.run(clone, policy);
    places.acquire();
    try {
      clones.adapt(clone, terms.writable(), terms);
    } finally {
      places.release();
    }
  }

  /** Starts the server of a clone that was stopped or ended by itself. Blocks. */
  void wake(Clone clone, EnvironmentPolicy policy) throws CloneException, InterruptedException {
    places.acquire();
    try {
      clones.start(clone, Terms.of(policy));
    } finally {
      places.release();
    }
  }
}
