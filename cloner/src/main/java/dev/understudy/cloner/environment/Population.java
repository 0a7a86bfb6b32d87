package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.Quotas.Member;
import dev.understudy.cloner.spare.SparePlace;
import dev.understudy.config.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The environments that exist, and how many of them may. Never more exist than the limits say, nor
 * are more started; at the limit one less may be, while one is being made or moved. Spares count as
 * running, and give way to everybody. Thread-safe.
 */
final class Population {
  /** For those to which something is being done, where no other makes room. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final Limits limits;
  private final Quotas quotas;
  private final BooleanSupplier spareGivesWay;
  private final Set<Environment> existing = new HashSet<>();
  private final List<Member> coming = new ArrayList<>();
  private int starting;
  private int spares;

  /**
   * @param spareGivesWay removes a spare; false if there is none. Blocks
   */
  Population(Limits limits, Policies policies, BooleanSupplier spareGivesWay) {
    this.limits = requireNonNull(limits, "limits is null");
    this.quotas = new Quotas(limits, policies);
    this.spareGivesWay = requireNonNull(spareGivesWay, "spareGivesWay is null");
  }

  synchronized void add(Environment environment) {
    existing.add(environment);
  }

  synchronized void remove(Environment environment) {
    existing.remove(environment);
  }

  /** Those that exist. */
  synchronized List<Environment> existing() {
    return List.copyOf(existing);
  }

  /** Room for what is being made or started, until it exists or runs, or has failed to. */
  interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Gets room for an environment that is about to be made or whose server, or another one for it,
   * is about to be started. Where all that may run do, a spare goes, or else the one that has been
   * idle for longest is put to sleep. In the serial executor of the environment; blocks.
   *
   * @param role that it is made for; null: nobody's
   */
  Place enter(Environment environment, @Nullable String role) throws EnvironmentUnavailable {
    Member newcomer = environment.pointer() == null ? new Member(environment.name(), role) : null;
    Set<Environment> awake = new HashSet<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    boolean busy = false;
    while (true) {
      boolean sparesRun;
      Optional<Environment> idle;
      synchronized (this) {
        if (newcomer != null) {
          requireRoom(newcomer);
        }
        if (running() + starting + spares < limits.running()) {
          return place(newcomer, 1);
        }
        sparesRun = spares > 0;
        idle = longestIdle(environment, awake);
      }
      if (sparesRun) {
        if (spareGivesWay.getAsBoolean()) {
          continue;
        }
        busy = true; // one is being made or removed
      }
      if (idle.isEmpty() && busy && System.nanoTime() < deadline) {
        pause();
        awake.clear();
        busy = false;
        continue;
      }
      Environment candidate =
          idle.orElseThrow(() -> Refusals.tooManyRun(environment.name(), limits.running()));
      switch (candidate.suspending().ifIdle()) {
        case MADE -> {}
        case NONE -> awake.add(candidate);
        case BUSY -> {
          awake.add(candidate);
          busy = true;
        }
      }
    }
  }

  private static void pause() throws EnvironmentUnavailable {
    try {
      Thread.sleep(LOOK_AGAIN);
    } catch (InterruptedException e) {
      throw Refusals.shuttingDown();
    }
  }

  /** The same for one that is about to exist and whose server does not run. */
  synchronized Place enterAsleep(Environment environment, @Nullable String owner)
      throws EnvironmentUnavailable {
    Member newcomer = new Member(environment.name(), owner);
    requireRoom(newcomer);
    return place(newcomer, 0);
  }

  /** Room for a spare until the place is closed; empty where environments need all there is. */
  synchronized Optional<SparePlace> enterSpare() {
    if (running() + starting + spares >= limits.running()
        || existing.size() + coming.size() >= limits.environments()) {
      return Optional.empty();
    }
    spares++;
    return Optional.of(() -> {
      synchronized (this) {
        spares--;
      }
    });
  }

  private void requireRoom(Member newcomer) throws EnvironmentUnavailable {
    List<Member> members = new ArrayList<>(coming);
    for (Environment environment : existing) {
      Pointer pointer = environment.pointer();
      members.add(
          new Member(environment.name(), pointer == null ? null : pointer.record().owner()));
    }
    quotas.require(newcomer, members);
  }

  private Place place(@Nullable Member newcomer, int starts) {
    if (newcomer != null) {
      coming.add(newcomer);
    }
    starting += starts;
    return () -> {
      synchronized (this) {
        if (newcomer != null) {
          coming.remove(newcomer);
        }
        starting -= starts;
      }
    };
  }

  private long running() {
    return limits.running() == Integer.MAX_VALUE
        ? 0
        : existing.stream().filter(Environment::isRunning).count();
  }

  private Optional<Environment> longestIdle(Environment newcomer, Set<Environment> awake) {
    return existing.stream()
        .filter(environment -> environment != newcomer)
        .filter(environment -> environment.isRunning() && !awake.contains(environment))
        .filter(environment -> environment.sessions().count() == 0)
        .min(Comparator.comparing(environment -> environment.activity().last()));
  }
}
