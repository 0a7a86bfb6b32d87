package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.environment.record.EnvironmentRecord;
import dev.understudy.config.EnvironmentPolicy;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Finds the policy of a name. Thread-safe. */
final class Policies {
  private final Supplier<List<EnvironmentPolicy>> settings;

  /**
   * Policies that may change.
   *
   * @param settings those of now; asked at each use, which must be cheap
   */
  Policies(Supplier<List<EnvironmentPolicy>> settings) {
    this.settings = requireNonNull(settings, "settings is null");
  }

  boolean isAny(Predicate<EnvironmentPolicy> wanted) {
    return settings.get().stream().anyMatch(wanted);
  }

  Optional<EnvironmentPolicy> of(String environment) {
    return EnvironmentPolicy.covering(environment, settings.get());
  }

  /** That of one that exists: while it is guarded nothing ends it, so what it has is durable. */
  Optional<EnvironmentPolicy> of(EnvironmentRecord record) {
    return of(record.name())
        .map(policy -> record.guarded() ? policy.with(policy.lifetime().withoutEnd()) : policy);
  }
}
