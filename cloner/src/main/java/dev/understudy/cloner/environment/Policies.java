package dev.understudy.cloner.environment;

import dev.understudy.config.EnvironmentPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the policy of a name: the one with the most specific pattern. */
final class Policies {
  private final List<EnvironmentPolicy> mostSpecificFirst;

  Policies(List<EnvironmentPolicy> policies) {
    this.mostSpecificFirst =
        policies.stream().sorted(Comparator.comparing(EnvironmentPolicy::pattern)).toList();
  }

  boolean isAny(Predicate<EnvironmentPolicy> wanted) {
    return mostSpecificFirst.stream().anyMatch(wanted);
  }

  Optional<EnvironmentPolicy> of(String environment) {
    return mostSpecificFirst.stream()
        .filter(policy -> policy.pattern().matches(environment))
        .findFirst();
  }
}
