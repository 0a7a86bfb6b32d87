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
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.spare.Spare;
import dev.understudy.config.EnvironmentPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where environments get clones from: all that is done before anybody gets in. */
final class Supply {
  private static final Logger LOG = LoggerFactory.getLogger(Supply.class);

  private final Clones clones;
  private final HookRunner hooks;
  private final Semaphore places;
  private final Semaphore branches;

  /**
   * @param places how many clones may be made or started side by side; fair, and all of them free
   */
  Supply(Clones clones, HookRunner hooks, Semaphore places) {
    this.clones = requireNonNull(clones, "clones is null");
    this.hooks = requireNonNull(hooks, "hooks is null");
    this.places = requireNonNull(places, "places is null");
    this.branches = new Semaphore(Math.max(1, places.availablePermits() / 2), true);
  }

  /** Whether a spare can become what an environment of that policy gets. */
  static boolean takesSpares(EnvironmentPolicy policy) {
    return firstTerms(policy).settings().isEmpty(); // others need a start of their own
  }

  /** Those on which its server starts: hooks, if there are any, write. */
  private static Terms firstTerms(EnvironmentPolicy policy) {
    Terms terms = Terms.of(policy);
    return isPrepared(policy) ? terms.writable() : terms;
  }

  private static boolean isPrepared(EnvironmentPolicy policy) {
    return !policy.hooks().afterCreate().isEmpty();
  }

  /**
   * A clone whose server runs, for an environment of that policy. Blocks.
   *
   * @param place where it runs; a spare that was set aside there is taken, or removed
   * @throws CloneException and nothing of it is left, or soon will be
   */
  MadeClone get(HeldSnapshot held, EnvironmentPolicy policy, ServerPlace place)
      throws CloneException, InterruptedException {
    MadeClone clone = unprepared(held, policy, place);
    boolean ready = false;
    try {
      if (isPrepared(policy)) {
        prepare(clone.made(), policy, Terms.of(policy));
      }
      ready = true;
      return clone;
    } finally {
      if (!ready) {
        clones.remove(clone.made());
      }
    }
  }

  /** The spare, where there is one that can become what is wanted. */
  private MadeClone unprepared(HeldSnapshot held, EnvironmentPolicy policy, ServerPlace place)
      throws CloneException, InterruptedException {
    Terms terms = firstTerms(policy);
    Optional<Spare> spare = place.takeSpare();
    if (spare.isPresent() && fit(spare.get(), held, policy, terms)) {
      return new MadeClone(spare.get().target(), CreationTimings.NOTHING);
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

  /** Makes a spare, which is throw-away and without limits, what is wanted; else removes it. */
  private boolean fit(Spare spare, HeldSnapshot held, EnvironmentPolicy policy, Terms terms)
      throws InterruptedException {
    Clone clone = spare.target();
    Snapshot wanted = held.snapshot();
    boolean fits = false;
    try {
      if (takesSpares(policy) && spare.isOf(wanted.source(), wanted.id()) && spare.runs()) {
        clones.adapt(clone, Terms.NONE, terms);
        if (policy.isDurable()) {
          clones.makeDurable(clone);
        }
        fits = true;
      }
    } catch (CloneException e) {
      LOG.warn("{} was spare and is removed: {}", clone, e.getMessage());
    } finally {
      if (!fits) {
        clones.remove(clone);
      }
    }
    return fits;
  }

  /**
   * Starts the server of a clone that was stopped or ended by itself, and makes it durable where
   * the policy is so by now. Blocks.
   *
   * @return how long that took, the wait for a place not counted
   */
  Duration wake(Clone clone, EnvironmentPolicy policy) throws CloneException, InterruptedException {
    places.acquire();
    try {
      long begun = System.nanoTime();
      if (policy.isDurable() && !clone.isDurable()) {
        clones.startDurable(clone, Terms.of(policy));
      } else {
        clones.start(clone, Terms.of(policy));
      }
      return Duration.ofNanos(System.nanoTime() - begun);
    } finally {
      places.release();
    }
  }
}
