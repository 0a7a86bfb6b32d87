package dev.understudy.cloner.environment;

import dev.understudy.config.EnvironmentPolicy;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Finds the policy of a name: the one with the most specific pattern. */
final class Policies {
  private final List<EnvironmentPolicy> mostSpecificFirst;

  Policies(List<EnvironmentPolicy> policies) {
    this.mostSpecificFirst =
        policies.stream().sorted(Comparator.comparing(EnvironmentPolicy::pattern)).toList();
  }

  Optional<EnvironmentPolicy> of(String environment) {
    return mostSpecificFirst.stream()
        .filter(policy -> policy.pattern().matches(environment))
        .findFirst();
  }
}
