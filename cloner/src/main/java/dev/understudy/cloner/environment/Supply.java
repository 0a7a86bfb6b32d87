package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.clone.MadeClone;
import dev.understudy.cloner.clone.Terms;
import dev.understudy.cloner.hook.HookRunner;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.spare.Spares;
import dev.understudy.config.EnvironmentPolicy;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Where environments get clones from: all that is done before anybody gets in. */
final class Supply {
  private final Clones clones;
  private final HookRunner hooks;
  private final Semaphore places;
  private final Semaphore branches;
  private final Spares spares;

  /**
   * @param places how many clones may be made or started side by side; fair, and all of them free
   */
  Supply(Clones clones, HookRunner hooks, Semaphore places, Spares spares) {
    this.clones = requireNonNull(clones, "clones is null");
    this.hooks = requireNonNull(hooks, "hooks is null");
    this.places = requireNonNull(places, "places is null");
    this.branches = new Semaphore(Math.max(1, places.availablePermits() / 2), true);
    this.spares = requireNonNull(spares, "spares is null");
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
    MadeClone clone = unprepared(held, policy, prepared ? terms.writable() : terms);
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

  /**
   * A spare, where there is one. Those run with fsync off and the usual settings: to stop one, sync
   * it and start it again takes longer than to make another.
   */
  private MadeClone unprepared(HeldSnapshot held, EnvironmentPolicy policy, Terms terms)
      throws CloneException, InterruptedException {
    if (!policy.isDurable() && terms.settings().isEmpty()) {
      Optional<Clone> spare = spares.take(held.snapshot());
      if (spare.isPresent()) {
        adapt(spare.get(), terms);
        return new MadeClone(spare.get(), CreationTimings.NOTHING);
      }
    }
    places.acquire();
    try {
      return clones.create(held.snapshot(), policy.isDurable(), terms);
    } finally {
      places.release();
    }
  }

  /**
   * A clone of another clone, with its data of the moment. No hook runs: what it is made of has
   * been prepared. Blocks. As its parent's data is written out first, which may take long, it never
   * takes the last place from those that wake.
   *
   * @param onCopied called when the other clone is needed no more
   * @throws CloneException and nothing of it is left, or soon will be
   */
  MadeClone branch(Clone parent, EnvironmentPolicy policy, Runnable onCopied)
      throws CloneException, InterruptedException {
    branches.acquire();
    try {
      places.acquire();
      try {
        return clones.branch(parent, policy.isDurable(), Terms.of(policy), onCopied);
      } finally {
        places.release();
      }
    } finally {
      branches.release();
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

  /** A spare that cannot be is removed. */
  private void adapt(Clone spare, Terms terms) throws CloneException, InterruptedException {
    boolean adapted = false;
    try {
      clones.adapt(spare, Terms.NONE, terms);
      adapted = true;
    } finally {
      if (!adapted) {
        clones.remove(spare);
      }
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
