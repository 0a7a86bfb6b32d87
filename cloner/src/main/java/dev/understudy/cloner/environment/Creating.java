package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.Clone;
import dev.understudy.cloner.clone.CloneException;
import dev.understudy.cloner.clone.MadeClone;
import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.cloner.snapshot.HeldSnapshot;
import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The making of an environment because somebody says so, be it a branch of another one. */
final class Creating {
  private static final Logger LOG = LoggerFactory.getLogger(Creating.class);

  private final Environment environment;
  private final EnvironmentHost host;
  private final EnvironmentMaker maker;
  private final EnvironmentRegistry registry;

  Creating(Environment environment, EnvironmentHost host, EnvironmentRegistry registry) {
    this.environment = environment;
    this.host = host;
    this.maker = new EnvironmentMaker(host);
    this.registry = registry;
  }

  /**
   * Begins; completes when its server runs.
   *
   * @return null if the environment's object is retired: its successor is to be asked
   */
  @Nullable CompletableFuture<EnvironmentRecord> ask(CreateFrom from, @Nullable String role) {
    if (environment.state().isSettled()) { // who connects to it is not to wait
      return CompletableFuture.failedFuture(OperationRefusals.exists(environment.name()));
    }
    HeldSnapshot held = hold(from).orElse(null); // until its turn comes, others may be cut
    CompletableFuture<EnvironmentRecord> made =
        environment.tasks().submitStop("made", () -> create(from, role));
    if (held != null) {
      if (made == null) {
        held.close();
      } else {
        var _ = made.whenComplete((record, failure) -> held.close());
      }
    }
    return made;
  }

  private Optional<HeldSnapshot> hold(CreateFrom from) {
    return from instanceof CreateFrom.Snapshot(String id)
        ? host.policies()
            .of(environment.name())
            .flatMap(policy -> host.snapshots().hold(policy.source(), id))
        : Optional.empty();
  }

  private EnvironmentRecord create(CreateFrom from, @Nullable String role)
      throws EnvironmentUnavailable {
    host.requireOpen();
    if (environment.pointer() != null) {
      throw OperationRefusals.exists(environment.name());
    }
    try (Place _ = host.population().enter(environment, role);
        ServerPlace place =
            host.running().enter(environment, RunningPlaces.OwnServer.NONE, wanted(from))) {
      EnvironmentMaker.Made made =
          maker.make(
              new EnvironmentRequest(environment.name(), "", role),
              null,
              p -> copy(from, p, place));
      environment.made(made.pointer());
      return made.pointer().record();
    }
  }

  /** Of what a spare is of use. */
  private Optional<Snapshot> wanted(CreateFrom from) {
    return switch (from) {
      case CreateFrom.Policy _, CreateFrom.Source _ -> maker.wanted(environment.name(), null);
      case CreateFrom.Snapshot(String id) ->
          maker.wanted(environment.name(), null).filter(newest -> newest.id().equals(id));
      case CreateFrom.Environment _ -> Optional.empty();
    };
  }

  private MadeClone copy(CreateFrom from, EnvironmentPolicy policy, ServerPlace place)
      throws EnvironmentUnavailable, CloneException, InterruptedException {
    return switch (from) {
      case CreateFrom.Policy() -> maker.copy(environment.name(), policy, place);
      case CreateFrom.Source(String source) -> {
        requireSource(source, policy);
        yield maker.copy(environment.name(), policy, place);
      }
      case CreateFrom.Snapshot(String id) -> ofSnapshot(id, policy, place);
      case CreateFrom.Environment(String parent) -> branch(parent, policy);
    };
  }

  private void requireSource(String source, EnvironmentPolicy policy)
      throws EnvironmentUnavailable {
    if (!source.equals(policy.source())) {
      throw OperationRefusals.sourceOfOther(environment.name(), source, policy.source());
    }
  }

  private MadeClone ofSnapshot(String id, EnvironmentPolicy policy, ServerPlace place)
      throws EnvironmentUnavailable, CloneException, InterruptedException {
    String source = policy.source();
    try (HeldSnapshot held =
        host.snapshots()
            .hold(source, id)
            .orElseThrow(
                () -> OperationRefusals.unknownSnapshot(id, source, host.snapshots().of(source)))) {
      return maker.get(environment.name(), held, policy, place);
    }
  }

  private MadeClone branch(String name, EnvironmentPolicy policy)
      throws EnvironmentUnavailable, CloneException, InterruptedException {
    // Looked at before it is waited for: one that is being made out of this one does not exist.
    Environment parent =
        registry.existing(name).orElseThrow(() -> OperationRefusals.doesNotExist(name));
    return maker.withRoom(Set.of(environment.name(), name), 0, () -> branch(parent, policy));
  }

  private MadeClone branch(Environment parent, EnvironmentPolicy policy)
      throws EnvironmentUnavailable, CloneException, InterruptedException {
    try (Hold hold = Hold.of(parent)) {
      Clone target = target(parent, policy);
      LOG.info(
          "environment {}: a branch of {}, whose data was of {}",
          environment.name(),
          parent.name(),
          target.origin().dataTime());
      return host.supply().branch(target, policy, hold::close);
    }
  }

  private Clone target(Environment parent, EnvironmentPolicy policy) throws EnvironmentUnavailable {
    Pointer pointer = parent.pointer();
    if (pointer == null) {
      throw OperationRefusals.doesNotExist(parent.name());
    }
    if (pointer.damaged()) {
      throw Refusals.damaged(parent.name(), String.valueOf(pointer.record().target()));
    }
    Clone target = pointer.target();
    if (target == null) {
      throw OperationRefusals.parentLost(parent.name());
    }
    requireSource(target.origin().source(), policy);
    if (!host.snapshots().isWanted(target.origin().source(), target.origin().mask())) {
      throw OperationRefusals.parentMaskedOtherwise(parent.name());
    }
    return target;
  }
}
