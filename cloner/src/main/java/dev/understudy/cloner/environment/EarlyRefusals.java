package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

  /**
   * Why it cannot be made by hand.
   *
   * @param role that it would belong to; null: nobody's
   */
  Optional<EnvironmentUnavailable> ofCreation(String name, CreateFrom from, @Nullable String role) {
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
    return ofOrigin(name, from, policy.get().source())
        .or(() -> host.population().refusal(name, role));
  }

  private Optional<EnvironmentUnavailable> ofOrigin(String name, CreateFrom from, String source) {
    return switch (from) {
      case CreateFrom.Policy() -> Optional.empty();
      case CreateFrom.Source(String wanted) ->
          wanted.equals(source)
              ? Optional.empty()
              : Optional.of(OperationRefusals.sourceOfOther(name, wanted, source));
      case CreateFrom.Snapshot(String id) -> {
        List<Snapshot> known = host.snapshots().of(source);
        yield known.stream().anyMatch(snapshot -> snapshot.id().equals(id))
            ? Optional.empty()
            : Optional.of(OperationRefusals.unknownSnapshot(id, source, known));
      }
      case CreateFrom.Environment(String parent) ->
          registry.existing(parent).isPresent()
              ? Optional.empty()
              : Optional.of(OperationRefusals.doesNotExist(parent));
    };
  }
}
