package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.clone.MadeClone;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.spare.Spares;
import dev.understudy.config.Access;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Resources;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Where environments get clones from: all that is done before anybody gets in. */
final class Supply {
  private final Clones clones;
  private final Semaphore places;
  private final Spares spares;

  /**
   * @param places how many clones may be made or started side by side; fair
   */
  Supply(Clones clones, Semaphore places, Spares spares) {
    this.clones = requireNonNull(clones, "clones is null");
    this.places = requireNonNull(places, "places is null");
    this.spares = requireNonNull(spares, "spares is null");
  }

  /**
   * A clone whose server runs, for an environment of that policy. Blocks.
   *
   * @throws CloneException and nothing of it is left, or soon will be
   */
  MadeClone get(HeldSnapshot held, EnvironmentPolicy policy)
      throws CloneException, InterruptedException {
    if (canBeSpare(policy)) {
      Optional<Clone> spare = spares.take(held.snapshot());
      if (spare.isPresent()) {
        return new MadeClone(spare.get(), CreationTimings.NOTHING);
      }
    }
    places.acquire();
    try {
      return clones.create(held.snapshot(), policy.isDurable());
    } finally {
      places.release();
    }
  }

  /**
   * A spare runs with fsync off and the usual settings. To stop it, sync it and start it again
   * takes longer than to make another.
   */
  private static boolean canBeSpare(EnvironmentPolicy policy) {
    return !policy.isDurable()
        && policy.access() == Access.READ_WRITE
        && policy.resources().equals(Resources.UNLIMITED);
  }

  /** Starts the server of a clone that was stopped or ended by itself. Blocks. */
  void wake(Clone clone) throws CloneException, InterruptedException {
    places.acquire();
    try {
      clones.start(clone);
    } finally {
      places.release();
    }
  }
}
