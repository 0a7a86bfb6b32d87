package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.alarm.Alarms;
import dev.understudy.cloner.clone.Clones;
import dev.understudy.cloner.clone.RoleReader;
import dev.understudy.cloner.clone.StepListener;
import dev.understudy.cloner.environment.record.EnvironmentStore;
import dev.understudy.cloner.idle.Idleness;
import dev.understudy.cloner.snapshot.Snapshots;
import dev.understudy.cloner.spare.Spares;
import dev.understudy.cloner.trash.Trash;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * What all environments share.
 *
 * @param settling of those that were put to sleep to make room, and of the trash
 * @param room one place: for who makes room in the pool
 * @param turns of refreshes that nobody waits for
 * @param roles asks servers for theirs
 * @param readings turns of those that ask for what a session has sent
 * @param zone of schedules, as it is now
 * @param threads for what blocks
 * @param closed true from the end on: nothing new begins
 */
record EnvironmentHost(
    Clones clones,
    EnvironmentStore store,
    Snapshots snapshots,
    Supply supply,
    Spares spares,
    Trash trash,
    Policies policies,
    Population population,
    RunningPlaces running,
    Settling settling,
    Semaphore room,
    Turns turns,
    Idleness idleness,
    RoleReader roles,
    Turns readings,
    Alarms alarms,
    InstantSource clock,
    Supplier<ZoneId> zone,
    StepListener steps,
    Executor threads,
    AtomicBoolean closed) {
  EnvironmentHost {
    requireNonNull(clones, "clones is null");
    requireNonNull(store, "store is null");
    requireNonNull(snapshots, "snapshots is null");
    requireNonNull(supply, "supply is null");
    requireNonNull(spares, "spares is null");
    requireNonNull(trash, "trash is null");
    requireNonNull(policies, "policies is null");
    requireNonNull(population, "population is null");
    requireNonNull(running, "running is null");
    requireNonNull(settling, "settling is null");
    requireNonNull(room, "room is null");
    requireNonNull(turns, "turns is null");
    requireNonNull(idleness, "idleness is null");
    requireNonNull(roles, "roles is null");
    requireNonNull(readings, "readings is null");
    requireNonNull(alarms, "alarms is null");
    requireNonNull(clock, "clock is null");
    requireNonNull(zone, "zone is null");
    requireNonNull(steps, "steps is null");
    requireNonNull(threads, "threads is null");
    requireNonNull(closed, "closed is null");
  }

  void requireOpen() throws EnvironmentUnavailable {
    if (closed.get()) {
      throw Refusals.shuttingDown();
    }
  }

  /** Cheap: has no state of its own. */
  RoomMaking roomMaking() {
    return new RoomMaking(this, room);
  }
}
