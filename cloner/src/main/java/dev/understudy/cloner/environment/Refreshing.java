package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.idle.Idleness;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.trash.Trash;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.RefreshPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves an environment to a clone of the newest snapshot. The clone is made first, then the name
 * points at it in one step; a session stays on the clone that it was made on, which ends with
 * 57P01. Who is in the middle of something is waited for, a while.
 */
final class Refreshing {
  /** How long work that does not end puts a refresh off, and how often it is looked at. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  static final Duration LOOK_AGAIN = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(Refreshing.class);

  private final Environment environment;
  private final EnvironmentHost host;

  Refreshing(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
  }

  /** Begins, if its policy says so and there is a newer snapshot. Never blocks or fails. */
  void begin() {
    EnvironmentPolicy policy = host.policies().of(environment.name()).orElse(null);
    if (policy != null
        && policy.refresh().trigger() instanceof RefreshPolicy.Trigger.AfterSnapshot) {
      submit(policy, host.clock().instant().plus(PATIENCE));
    }
  }

  private void submit(EnvironmentPolicy policy, Instant until) {
    try {
      environment.serial().execute(() -> attempt(policy, until));
    } catch (RejectedExecutionException e) {
      LOG.debug("environment {} is refreshed by the next daemon", environment.name());
    }
  }

  private void attempt(EnvironmentPolicy policy, Instant until) {
    Pointer pointer = environment.pointer();
    Clone old = pointer == null ? null : pointer.target();
    if (pointer == null || old == null || host.closed().get()) {
      return;
    }
    try (HeldSnapshot held = host.snapshots().hold(policy.source()).orElse(null)) {
      if (held == null
          || held.snapshot().id().equals(old.origin().snapshot())
          || pointer.record().hasDataOfOtherThan(policy.source())) {
        return;
      }
      if (!isQuiet(old) || !move(pointer, old, held, policy)) {
        putOff(policy, until);
      }
    } catch (CloneException | IOException e) {
      LOG.warn(
          "environment {}: its refresh has failed, and it has the data of {}: {}",
          environment.name(),
          dataTime(),
          e instanceof CloneException failure ? failure.words() : e.toString());
    } catch (InterruptedException e) {
      LOG.debug("environment {} is refreshed by the next daemon", environment.name());
    }
  }

  private @Nullable Instant dataTime() {
    Pointer pointer = environment.pointer();
    Clone target = pointer == null ? null : pointer.target();
    return target == null ? null : target.origin().dataTime();
  }

  private boolean isQuiet(Clone clone) {
    return clone.server().isEmpty() || (nobodyConnects() && host.idleness().isQuiet(clone));
  }

  private boolean nobodyConnects() {
    return environment
        .sessions()
        .lastConnecting()
        .map(time -> time.plus(Idleness.CONNECTING).isBefore(host.clock().instant()))
        .orElse(true);
  }

  /** False if somebody came meanwhile; the new clone is gone then. */
  private boolean move(Pointer pointer, Clone old, HeldSnapshot held, EnvironmentPolicy policy)
      throws CloneException, IOException, InterruptedException {
    Clone fresh = make(held, policy, old.server().isEmpty());
    boolean moved = false;
    try (Trash.Coming coming =
        host.trash().announce(pointer.record(), old, TrashReason.REFRESHED)) {
      if (!isQuiet(old) || !environment.state().beginIdleStop(this::nobodyConnects)) {
        return false;
      }
      try {
        Pointer next =
            new Pointer(
                pointer.record().pointingAt(fresh.origin().source(), fresh.id()), fresh, false);
        host.store().write(next.record(), fresh.isDurable());
        host.steps().reached(Step.ENVIRONMENT_RECORDED);
        moved = true;
        environment.state().pointAt(next);
      } finally {
        environment.state().endStop();
      }
      environment.sessions().letGo(old);
      coming.arrive();
    } finally {
      if (!moved) {
        host.clones().remove(fresh);
      }
    }
    LOG.info(
        "environment {}: refreshed from the data of {} to that of {}",
        environment.name(),
        old.origin().dataTime(),
        fresh.origin().dataTime());
    return true;
  }

  private Clone make(HeldSnapshot held, EnvironmentPolicy policy, boolean asleep)
      throws CloneException, IOException, InterruptedException {
    Clone made = host.roomMaking().supply(environment.name(), held, policy).made();
    if (asleep) {
      host.clones().suspend(List.of(made));
    }
    return made;
  }

  private void putOff(EnvironmentPolicy policy, Instant until) {
    Instant next = host.clock().instant().plus(LOOK_AGAIN);
    if (next.isAfter(until)) {
      LOG.warn(
          "environment {}: somebody worked in it for {}; it keeps its data until the next snapshot",
          environment.name(),
          PATIENCE);
    } else {
      var _ = host.alarms().at(next, () -> submit(policy, until));
    }
  }
}
