package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.spare.Spare;
import dev.understudy.cloner.spare.SparePlace;
import dev.understudy.cloner.spare.Spares;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * How many servers of environments run, and who stops for another where all that may run do: a
 * spare, or else the environment that has been idle for longest, of those without a session first,
 * or else the one itself that needs another server. A spare that can become what is wanted does so
 * in the place that it has. Never more are started than may run, beside those that are about to
 * end; at the limit one less may be, while one is being made or moved. Spares count as running.
 * Thread-safe.
 */
final class RunningPlaces {
  /** For those to which something is being done, where no other makes room. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /** Where nobody has a session, nobody notices. */
  private static final Comparator<Environment> WHO_FIRST =
      Comparator.comparing((Environment environment) -> environment.sessions().count() > 0)
          .thenComparing(environment -> environment.activity().last());

  private final IntSupplier limit;
  private final Population population;
  private final Spares ready;

  // Guarded by this.
  private int starting;
  private int spares;

  /**
   * @param limit that of now; {@link Integer#MAX_VALUE}: none. Where it gets less than run, nobody
   *     is stopped for that, and nobody is started until enough have stopped
   */
  RunningPlaces(IntSupplier limit, Population population, Spares ready) {
    this.limit = requireNonNull(limit, "limit is null");
    this.population = requireNonNull(population, "population is null");
    this.ready = requireNonNull(ready, "ready is null");
  }

  /** The server that an environment has, which it may be ready to lose for another one. */
  @FunctionalInterface
  interface OwnServer {
    OwnServer NONE = () -> false;

    /** Stops it. Blocks; false if it is to run on, or does not run. */
    boolean givesWay() throws EnvironmentUnavailable;
  }

  /**
   * Gets room for an environment whose server, or another one for it, is about to be started. In
   * the serial executor of the environment; blocks.
   *
   * @param own asked if nobody else gives way
   * @param wanted what the server is to have: a spare of that is set aside in the place, if there
   *     is one; empty: no spare is of use
   */
  ServerPlace enter(Environment environment, OwnServer own, Optional<Snapshot> wanted)
      throws EnvironmentUnavailable {
    Optional<ServerPlace> place = new Search(environment, wanted).run();
    if (place.isEmpty() && own.givesWay()) {
      place = new Search(environment, wanted).run();
    }
    return place.orElseThrow(() -> Refusals.tooManyRun(environment.name(), limit.getAsInt()));
  }

  /** Room for a spare until the place is closed; empty where environments need all there is. */
  synchronized Optional<SparePlace> enterSpare() {
    if (isTaken() || population.isFull()) {
      return Optional.empty();
    }
    spares++;
    return Optional.of(this::leaveSpare);
  }

  private synchronized void leaveSpare() {
    spares--;
  }

  private synchronized Optional<ServerPlace> take() {
    if (isTaken()) {
      return Optional.empty();
    }
    starting++;
    return Optional.of(new ServerPlace(null, this::leave));
  }

  /** A place of a spare, and it. */
  private Optional<ServerPlace> takeOver(Snapshot wanted) {
    Optional<Spare> spare = ready.take(wanted);
    if (spare.isPresent() && !takeOverPlace()) {
      ready.end(spare.get());
      return Optional.empty();
    }
    return spare.map(taken -> new ServerPlace(taken, this::leave));
  }

  /** False where more run than may. */
  private synchronized boolean takeOverPlace() {
    if (count() > limit.getAsInt()) {
      return false;
    }
    spares--;
    starting++;
    return true;
  }

  private void leave(Optional<Spare> unused) {
    synchronized (this) {
      starting--;
      if (unused.isPresent()) {
        spares++; // before others can take it
      }
    }
    unused.ifPresent(ready::giveBack);
  }

  private synchronized boolean hasSpares() {
    return spares > 0;
  }

  private boolean isTaken() {
    int most = limit.getAsInt();
    return most != Integer.MAX_VALUE && count() >= most;
  }

  private long count() {
    return running() + starting + spares;
  }

  private long running() {
    return population.existing().stream().filter(RunningPlaces::runsOn).count();
  }

  private static boolean runsOn(Environment environment) {
    return environment.isRunning() && !environment.suspending().isEnding();
  }

  /** The look for a place, among those that may be asked for theirs. */
  private final class Search {
    private final Environment newcomer;
    private final Optional<Snapshot> wanted;
    private final Set<Environment> awake = new HashSet<>();
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();

    /** Somebody may give way soon. */
    private boolean busy;

    Search(Environment newcomer, Optional<Snapshot> wanted) {
      this.newcomer = newcomer;
      this.wanted = wanted;
    }

    /** Empty if nobody gives way. */
    Optional<ServerPlace> run() throws EnvironmentUnavailable {
      while (true) {
        Optional<ServerPlace> place =
            wanted.flatMap(RunningPlaces.this::takeOver).or(RunningPlaces.this::take);
        if (place.isPresent() || !mayGoOn()) {
          return place;
        }
      }
    }

    /** False if there is nobody left to ask. */
    private boolean mayGoOn() throws EnvironmentUnavailable {
      if (hasSpares()) {
        if (ready.giveWay()) {
          return true;
        }
        busy = true; // one is being made or removed
      }
      Optional<Environment> idle = longestIdle();
      if (idle.isPresent()) {
        ask(idle.get());
        return true;
      }
      if (!busy || System.nanoTime() >= deadline) {
        return false;
      }
      pause();
      awake.clear();
      busy = false;
      return true;
    }

    private void ask(Environment idle) throws EnvironmentUnavailable {
      switch (idle.suspending().ifIdle()) {
        case MADE -> {}
        case NONE -> awake.add(idle);
        case BUSY -> {
          awake.add(idle);
          busy = true;
        }
      }
    }

    private Optional<Environment> longestIdle() {
      return population.existing().stream()
          .filter(environment -> environment != newcomer)
          .filter(environment -> runsOn(environment) && !awake.contains(environment))
          .filter(environment -> environment.suspending().mayGiveWay())
          .min(WHO_FIRST);
    }
  }

  private static void pause() throws EnvironmentUnavailable {
    try {
      Thread.sleep(LOOK_AGAIN);
    } catch (InterruptedException e) {
      throw Refusals.shuttingDown();
    }
  }
}
