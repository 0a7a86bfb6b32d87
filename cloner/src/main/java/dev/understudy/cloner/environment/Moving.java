package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.MadeClone;
import dev.understudy.cloner.clone.Step;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.cloner.trash.Trash;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.config.EnvironmentPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves an environment to another clone. That one is made first, then the name points at it in one
 * step; a session stays on the clone that it was made on, which goes to the trash, and ends with
 * 57P01. Used in the environment's serial executor.
 */
final class Moving {
  private static final Logger LOG = LoggerFactory.getLogger(Moving.class);

  private final Environment environment;
  private final EnvironmentHost host;
  private final EnvironmentMaker maker;

  Moving(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
    this.maker = new EnvironmentMaker(host);
  }

  /**
   * A wish to move.
   *
   * @param consent of those who use the environment
   * @param wakes its server is to run then, even if it does not now
   * @param change of what is written down, besides where it points
   */
  record Order(
      EnvironmentPolicy policy,
      TrashReason reason,
      Consent consent,
      boolean wakes,
      UnaryOperator<EnvironmentRecord> change) {}

  /**
   * Blocks.
   *
   * @param pointer has a target
   * @return empty if there was no consent; then it is as it was
   */
  Optional<MadeClone> move(Pointer pointer, Clone old, HeldSnapshot held, Order order)
      throws EnvironmentUnavailable {
    host.requireOpen();
    if (!order.consent().isGiven(old)) {
      return Optional.empty();
    }
    boolean asleep = old.server().isEmpty() && !order.wakes();
    Optional<Snapshot> wanted =
        Optional.of(held.snapshot()).filter(any -> Supply.takesSpares(order.policy()));
    try (ServerPlace place =
        host.running().enter(environment, () -> givesWay(old, order), wanted)) {
      MadeClone made = make(held, order.policy(), asleep, place);
      boolean moved = false;
      try {
        moved = change(pointer, old, made.made(), order);
      } finally {
        if (!moved) {
          host.clones().remove(made.made());
        }
      }
      return moved ? Optional.of(made) : Optional.empty();
    }
  }

  /** The old one, if that may be stopped. */
  private boolean givesWay(Clone old, Order order) throws EnvironmentUnavailable {
    if (old.server().isEmpty()) {
      return false;
    }
    if (order.consent().isUnconditional()) {
      return environment.suspending().now(old);
    }
    // Without sessions there is nobody left to ask about.
    return environment.suspending().whenIdle(() -> environment.sessions().count() == 0, () -> true);
  }

  private MadeClone make(
      HeldSnapshot held, EnvironmentPolicy policy, boolean asleep, ServerPlace place)
      throws EnvironmentUnavailable {
    String name = environment.name();
    try {
      MadeClone made = maker.get(name, held, policy, place);
      if (asleep) {
        sleep(made.made());
      }
      return made;
    } catch (CloneException e) {
      throw EnvironmentMaker.logged(name, Refusals.of(name, "moved", e));
    } catch (InterruptedException e) {
      throw Refusals.shuttingDown();
    }
  }

  private void sleep(Clone made) throws EnvironmentUnavailable, InterruptedException {
    boolean asleep = false;
    try {
      host.clones().suspend(List.of(made));
      asleep = true;
    } catch (IOException e) {
      throw Refusals.notRecorded(environment.name(), e);
    } finally {
      if (!asleep) {
        host.clones().remove(made);
      }
    }
  }

  /** The step. False if somebody came meanwhile. */
  private boolean change(Pointer pointer, Clone old, Clone made, Order order)
      throws EnvironmentUnavailable {
    EnvironmentRecord last = pointer.record();
    try (Trash.Coming coming = announce(last, old, order.reason())) {
      long touches = environment.activity().touches();
      if (!order.consent().isGiven(old) || !order.consent().begin(touches)) {
        return false;
      }
      try {
        environment.sessions().letGo(old);
        if (!isStillGiven(order.consent(), old)) {
          return false;
        }
        EnvironmentRecord next =
            order.change().apply(last.pointingAt(made.origin().source(), made.id()));
        record(next, made);
        environment.moved(new Pointer(next, made, false));
      } finally {
        environment.state().endStop();
      }
      coming.arrive();
    }
    host.settling().addTrash();
    LOG.info(
        "environment {}: {}, from the data of {} to that of {}",
        environment.name(),
        order.reason() == TrashReason.RESET ? "reset" : "refreshed",
        old.origin().dataTime(),
        made.origin().dataTime());
    return true;
  }

  private Trash.Coming announce(EnvironmentRecord last, Clone old, TrashReason reason)
      throws EnvironmentUnavailable {
    try {
      return host.trash().announce(last, old, reason);
    } catch (IOException e) {
      throw Refusals.notRecorded(environment.name(), e);
    }
  }

  /** Who has not let go may have begun something meanwhile. */
  private boolean isStillGiven(Consent consent, Clone old) throws EnvironmentUnavailable {
    return consent.isUnconditional()
        || !environment.sessions().isAnyOn(old)
        || consent.isGiven(old);
  }

  private void record(EnvironmentRecord next, Clone made) throws EnvironmentUnavailable {
    try {
      host.store().write(next, made.outlivesCrash());
    } catch (IOException e) {
      throw Refusals.notRecorded(environment.name(), e);
    }
    host.steps().reached(Step.ENVIRONMENT_RECORDED);
  }
}
