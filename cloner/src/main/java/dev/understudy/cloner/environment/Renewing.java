package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CreationTimings;
import dev.understudy.cloner.clone.MadeClone;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.trash.TrashReason;
import dev.understudy.config.EnvironmentPolicy;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/**
 * Moves of an environment that somebody asks for: refresh, reset, and a fresh start for a token.
 */
final class Renewing {
  private final Environment environment;
  private final EnvironmentHost host;
  private final Moving moving;

  Renewing(Environment environment, EnvironmentHost host) {
    this.environment = environment;
    this.host = host;
    this.moving = new Moving(environment, host);
  }

  /** Where to. */
  enum Aim {
    REFRESH,
    RESET
  }

  /** As {@link Environments#refresh} and {@link Environments#reset}. Never blocks. */
  CompletableFuture<EnvironmentRecord> ask(Aim aim, boolean force) {
    return environment.tasks().submit("moved", () -> renew(aim, force));
  }

  private EnvironmentRecord renew(Aim aim, boolean force) throws EnvironmentUnavailable {
    host.requireOpen();
    Pointer pointer = existing();
    EnvironmentPolicy policy = policy(pointer);
    Clone old = pointer.target();
    if (old == null) {
      if (aim == Aim.RESET) {
        throw OperationRefusals.nothingToReset(environment.name());
      }
      return pointer.record(); // whoever connects next gets the newest data
    }
    Consent consent =
        force
            ? new Consent.Forced(environment)
            : new Consent.UnlessBusy(environment, host, aim.name());
    try (HeldSnapshot held = aim == Aim.RESET ? former(old, policy) : newest(policy)) {
      TrashReason reason = aim == Aim.RESET ? TrashReason.RESET : TrashReason.REFRESHED;
      move(pointer, old, held, new Moving.Order(policy, reason, consent, false, same()));
    }
    return existing().record();
  }

  /**
   * Begins anew for a token. In the serial executor. What somebody guards keeps its data: a token
   * comes from a script, which knows nothing of that.
   *
   * @param pointer has a target
   */
  CreationTimings startAfresh(Pointer pointer, Clone old, String token)
      throws EnvironmentUnavailable {
    if (pointer.record().guarded()) {
      throw Refusals.keepsItsData(environment.name());
    }
    EnvironmentPolicy policy = policy(pointer);
    try (HeldSnapshot held = newest(policy)) {
      Moving.Order order =
          new Moving.Order(
              policy,
              TrashReason.RESET,
              new Consent.Forced(environment),
              true,
              record -> record.freshFor(token));
      return move(pointer, old, held, order).timings();
    }
  }

  private MadeClone move(Pointer pointer, Clone old, HeldSnapshot held, Moving.Order order)
      throws EnvironmentUnavailable {
    return moving
        .move(pointer, old, held, order)
        .orElseThrow(() -> new IllegalStateException("consent is given, or says why not"));
  }

  private Pointer existing() throws EnvironmentUnavailable {
    Pointer pointer = environment.pointer();
    if (pointer == null) {
      throw OperationRefusals.doesNotExist(environment.name());
    }
    return pointer;
  }

  private EnvironmentPolicy policy(Pointer pointer) throws EnvironmentUnavailable {
    String name = environment.name();
    EnvironmentRecord record = pointer.record();
    if (pointer.damaged()) {
      throw Refusals.damaged(name, String.valueOf(record.target()));
    }
    EnvironmentPolicy policy = host.policies().of(record).orElseThrow(() -> Refusals.unknown(name));
    if (record.hasDataOfOtherThan(policy.source())) {
      throw Refusals.otherSource(record, policy.source());
    }
    return policy;
  }

  private HeldSnapshot newest(EnvironmentPolicy policy) throws EnvironmentUnavailable {
    return host.snapshots()
        .hold(policy.source())
        .orElseThrow(() -> Refusals.noSnapshot(environment.name(), policy.source()));
  }

  private HeldSnapshot former(Clone old, EnvironmentPolicy policy) throws EnvironmentUnavailable {
    String id = old.origin().snapshot();
    return host.snapshots()
        .hold(policy.source(), id)
        .orElseThrow(() -> OperationRefusals.snapshotGone(environment.name(), id));
  }

  private static UnaryOperator<EnvironmentRecord> same() {
    return UnaryOperator.identity();
  }
}
