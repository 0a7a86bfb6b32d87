package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Limits;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The environments that exist, and how many of them may. Never more exist than the limits say, nor
 * are more started; at the limit one less may be, while one is being made. A refresh alone runs the
 * new server beside the old one for a moment. Thread-safe.
 */
final class Population {
  private final Limits limits;
  private final Set<Environment> existing = new HashSet<>();
  private int coming;
  private int starting;

  Population(Limits limits) {
    this.limits = requireNonNull(limits, "limits is null");
  }

  synchronized void add(Environment environment) {
    existing.add(environment);
  }

  synchronized void remove(Environment environment) {
    existing.remove(environment);
  }

  /** Room for what is being made or started, until it exists or runs, or has failed to. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Gets room for an environment that is about to be made or whose server is about to be started.
   * Where all that may run do, puts to sleep the one that has been idle for longest. In the serial
   * executor of the environment; blocks.
   */
  Place enter(Environment environment) throws EnvironmentUnavailable {
    boolean isNew = environment.pointer() == null;
    Set<Environment> awake = new HashSet<>();
    while (true) {
      Optional<Environment> idle;
      synchronized (this) {
        if (isNew) {
          requireRoom(environment);
        }
        if (running() + starting < limits.running()) {
          return place(isNew ? 1 : 0, 1);
        }
        idle = longestIdle(awake);
      }
      Environment candidate =
          idle.orElseThrow(() -> Refusals.tooManyRun(environment.name(), limits.running()));
      if (!candidate.suspendIfIdle()) {
        awake.add(candidate);
      }
    }
  }

  /** The same for one that is about to exist and whose server does not run. */
  synchronized Place enterAsleep(Environment environment) throws EnvironmentUnavailable {
    requireRoom(environment);
    return place(1, 0);
  }

  private void requireRoom(Environment environment) throws EnvironmentUnavailable {
    if (existing.size() + coming >= limits.environments()) {
      throw Refusals.tooMany(environment.name(), limits.environments());
    }
  }

  private Place place(int newcomers, int starts) {
    coming += newcomers;
    starting += starts;
    return () -> {
      synchronized (this) {
        coming -= newcomers;
        starting -= starts;
      }
    };
  }

  private long running() {
    return limits.running() == Integer.MAX_VALUE
        ? 0
        : existing.stream().filter(Environment::isRunning).count();
  }

  private Optional<Environment> longestIdle(Set<Environment> awake) {
    return existing.stream()
        .filter(environment -> environment.isRunning() && !awake.contains(environment))
        .filter(environment -> environment.sessions().count() == 0)
        .min(Comparator.comparing(environment -> environment.activity().last()));
  }
}
