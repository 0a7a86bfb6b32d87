package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import java.util.Optional;

/** What can be told before anything is made, cut or queued. Cheap. */
final class EarlyRefusals {
  private final EnvironmentHost host;
  private final EnvironmentRegistry registry;

  EarlyRefusals(EnvironmentHost host, EnvironmentRegistry registry) {
    this.host = requireNonNull(host, "host is null");
    this.registry = requireNonNull(registry, "registry is null");
  }

  /** Why nothing at all can be done to it. */
  Optional<EnvironmentUnavailable> ofAnything(String name) {
    return host.closed().get()
        ? Optional.of(Refusals.shuttingDown())
        : registry.damage(name).map(damage -> Refusals.unreadable(name, damage));
  }

  /** Why there can be no session on it. */
  Optional<EnvironmentUnavailable> ofSession(String name, String database) {
    Optional<EnvironmentUnavailable> general = ofAnything(name);
    if (general.isPresent()) {
      return general;
    }
    Optional<EnvironmentPolicy> policy = host.policies().of(name);
    if (policy.isEmpty()) {
      return Optional.of(Refusals.unknown(name));
    }
    String source = policy.get().source();
    Pointer pointer = registry.existing(name).map(Environment::pointer).orElse(null);
    return pointer == null ? ofMaking(name, database, source) : ofOtherSource(pointer, source);
  }

  private static Optional<EnvironmentUnavailable> ofOtherSource(Pointer pointer, String source) {
    return pointer.record().hasDataOfOtherThan(source)
        ? Optional.of(Refusals.otherSource(pointer.record(), source))
        : Optional.empty();
  }

  private Optional<EnvironmentUnavailable> ofMaking(String name, String database, String source) {
    Optional<Snapshot> snapshot = host.snapshots().newest(source);
    if (snapshot.isEmpty()) {
      return Optional.of(Refusals.noSnapshot(name, source));
    }
    boolean exists =
        snapshot.get().databases().stream()
            .anyMatch(known -> known.name().equals(database) && known.allowsConnections());
    return exists
        ? Optional.empty()
        : Optional.of(Refusals.noDatabase(name, database, snapshot.get()));
  }

  /** Why it cannot be made by hand. */
  Optional<EnvironmentUnavailable> ofCreation(String name, CreateFrom from) {
    Optional<EnvironmentUnavailable> general = ofAnything(name);
    if (general.isPresent()) {
      return general;
    }
    if (registry.existing(name).isPresent()) {
      return Optional.of(OperationRefusals.exists(name));
    }
    Optional<EnvironmentPolicy> policy = host.policies().of(name);
    if (policy.isEmpty()) {
      return Optional.of(Refusals.unknown(name));
    }
    String source = policy.get().source();
    return from instanceof CreateFrom.Source(String wanted) && !wanted.equals(source)
        ? Optional.of(OperationRefusals.sourceOfOther(name, wanted, source))
        : Optional.empty();
  }
}
