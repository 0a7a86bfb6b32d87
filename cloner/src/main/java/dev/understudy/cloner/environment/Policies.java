package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.EnvironmentPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Finds the policy of a name: the one with the most specific pattern. Thread-safe. */
final class Policies {
  private final Supplier<List<EnvironmentPolicy>> settings;
  private volatile Sorted last = new Sorted(List.of());

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
    List<EnvironmentPolicy> now = settings.get();
    Sorted sorted = last;
    if (!sorted.asWritten().equals(now)) {
      sorted = new Sorted(now);
      last = sorted;
    }
    return sorted.mostSpecificFirst().stream()
        .filter(policy -> policy.pattern().matches(environment))
        .findFirst();
  }

  private record Sorted(
      List<EnvironmentPolicy> asWritten, List<EnvironmentPolicy> mostSpecificFirst) {
    Sorted(List<EnvironmentPolicy> policies) {
      this(
          policies,
          policies.stream().sorted(Comparator.comparing(EnvironmentPolicy::pattern)).toList());
    }
  }
}
