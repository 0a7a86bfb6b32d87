package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.clone.MadeClone;
import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes environments and starts their servers: what blocks, for one environment at a time. */
final class EnvironmentMaker {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentMaker.class);

  private final EnvironmentHost host;

  EnvironmentMaker(EnvironmentHost host) {
    this.host = host;
  }

  /**
   * What {@link #makeOrStart} would make a clone of, if a spare of that is of use. Cheap.
   *
   * @param existing null if there is no such environment
   */
  Optional<Snapshot> wanted(String name, @Nullable Pointer existing) {
    return existing == null || existing.target() == null
        ? host.policies()
            .of(name)
            .filter(Supply::takesSpares)
            .flatMap(policy -> host.snapshots().newest(policy.source()))
        : Optional.empty();
  }

  /**
   * Sees to it that a server runs behind the name.
   *
   * @param existing null if there is no such environment
   * @param place where that runs
   * @return what was done; empty if it runs
   */
  Optional<Done> makeOrStart(
      EnvironmentRequest request, @Nullable Pointer existing, ServerPlace place)
      throws EnvironmentUnavailable {
    host.requireOpen();
    String name = request.environment();
    if (existing == null) {
      return Optional.of(make(request, null, policy -> copy(name, policy, place)));
    }
    EnvironmentRecord record = existing.record();
    if (existing.damaged()) {
      throw Refusals.damaged(name, String.valueOf(record.target()));
    }
    if (existing.target() == null) {
      return Optional.of(make(request, record, policy -> copy(name, policy, place)));
    }
    return existing.target().server().isEmpty()
        ? Optional.of(start(record, existing.target()))
        : Optional.empty();
  }

  /** Where a clone comes from; blocks. */
  @FunctionalInterface
  interface Copying {
    MadeClone copy(EnvironmentPolicy policy)
        throws EnvironmentUnavailable, CloneException, InterruptedException;
  }

  /** Makes a clone and lets the name, which may have lost its clone, point at it. */
  Made make(EnvironmentRequest request, @Nullable EnvironmentRecord existing, Copying copying)
      throws EnvironmentUnavailable {
    String name = request.environment();
    EnvironmentPolicy policy =
        (existing == null ? host.policies().of(name) : host.policies().of(existing))
            .orElseThrow(() -> Refusals.unknown(name));
    try {
      MadeClone made = copying.copy(policy);
      EnvironmentRecord record = record(request, existing, made.made());
      if (made.timings().equals(CreationTimings.NOTHING)) {
        LOG.info("environment {}: took a spare", name);
      } else {
        LOG.info("environment {}: made in {}", name, made.timings());
      }
      return new Made(new Pointer(record, made.made(), false), made.timings());
    } catch (CloneException e) {
      throw logged(name, Refusals.of(name, "made", e));
    } catch (InterruptedException e) {
      throw Refusals.shuttingDown();
    }
  }

  /** Of the newest snapshot. */
  MadeClone copy(String name, EnvironmentPolicy policy, ServerPlace place)
      throws EnvironmentUnavailable, CloneException, InterruptedException {
    try (HeldSnapshot held =
        host.snapshots()
            .hold(policy.source())
            .orElseThrow(() -> Refusals.noSnapshot(name, policy.source()))) {
      return get(name, held, policy, place);
    }
  }

  /** Where the pool is full, room is made once. */
  MadeClone get(String name, HeldSnapshot held, EnvironmentPolicy policy, ServerPlace place)
      throws EnvironmentUnavailable, CloneException, InterruptedException {
    return withRoom(
        Set.of(name),
        host.clones().bytesOf(held.snapshot()),
        () -> host.supply().get(held, policy, place));
  }

  /** What needs room in the pool; blocks. */
  @FunctionalInterface
  interface Work {
    MadeClone run() throws EnvironmentUnavailable, CloneException, InterruptedException;
  }

  /**
   * Where the pool is full, room is made once.
   *
   * @param forWhom names of environments, which stay
   * @param bytes that the work writes
   */
  MadeClone withRoom(Set<String> forWhom, long bytes, Work work)
      throws EnvironmentUnavailable, CloneException, InterruptedException {
    try {
      return work.run();
    } catch (CloneException e) {
      if (e.reason() != CloneException.Reason.STORAGE_FULL
          || !host.roomMaking().make(forWhom, bytes)) {
        throw e;
      }
      return work.run();
    }
  }

  private EnvironmentRecord record(
      EnvironmentRequest request, @Nullable EnvironmentRecord existing, Clone clone)
      throws EnvironmentUnavailable {
    String name = request.environment();
    host.alarms().lookAtClock();
    Instant now = host.clock().instant();
    String source = clone.origin().source();
    EnvironmentRecord record =
        existing == null
            ? EnvironmentRecord.of(name, source, clone.id(), now, request.role())
            : existing.pointingAt(source, clone.id()).lastActiveAt(now);
    if (request.fresh() != null) {
      record = record.freshFor(request.fresh());
    }
    try {
      host.store().write(record, clone.outlivesCrash());
      host.steps().reached(Step.ENVIRONMENT_RECORDED);
      return record;
    } catch (IOException e) {
      host.clones().remove(clone);
      throw logged(name, Refusals.notRecorded(name, e));
    }
  }

  /** Starts a server that was stopped or ended by itself. */
  private Started start(EnvironmentRecord record, Clone clone) throws EnvironmentUnavailable {
    String name = record.name();
    EnvironmentPolicy policy = host.policies().of(record).orElseThrow(() -> Refusals.unknown(name));
    LOG.info("environment {}: its server does not run (clone {}), starting it", name, clone.id());
    try {
      boolean durable = clone.isDurable();
      Duration took = host.supply().wake(clone, policy);
      if (clone.isDurable() && !durable) {
        recordForced(record);
      }
      return new Started(took);
    } catch (CloneException e) {
      throw logged(name, Refusals.of(name, "started", e));
    } catch (InterruptedException e) {
      throw Refusals.shuttingDown();
    }
  }

  /** It may have been written while a crash of the host would have cost its clone. */
  private void recordForced(EnvironmentRecord record) {
    try {
      host.store().force(record);
    } catch (IOException e) {
      LOG.warn("environment {}: it could not be recorded: {}", record.name(), e.toString());
    }
  }

  static EnvironmentUnavailable logged(String name, EnvironmentUnavailable failure) {
    LOG.warn(
        "environment {}: {}: {}", name, failure.getMessage(), failure.detail().orElse("no detail"));
    return failure;
  }

  /** What was done for a server to run behind a name. */
  sealed interface Done {}

  /** An environment was made. */
  record Made(Pointer pointer, CreationTimings timings) implements Done {}

  /** The server of one was started, which took so long. */
  record Started(Duration took) implements Done {}
}
