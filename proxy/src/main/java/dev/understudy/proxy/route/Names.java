package dev.understudy.proxy.route;

import dev.understudy.config.EnvironmentPolicy;
import java.util.List;
import java.util.Set;

/**
 * The names that routing must know, a consistent view of one moment.
 *
 * @param policies most specific pattern first
 * @param sources databases, roles and protocol of each source's newest snapshot, by source name
 */
public record Names(List<EnvironmentPolicy> policies, java.util.Map<String, SourceNames> sources) {
  public Names {
    policies = policies.stream().sorted(java.util.Comparator.comparing(p -> p.pattern())).toList();
    sources = java.util.Map.copyOf(sources);
  }

  /**
   * What a source's newest snapshot holds.
   *
   * @param databases those that accept connections and are no templates
   * @param roles all role names
   * @param protocolMinor the highest minor of protocol 3 that its PostgreSQL speaks: 2 from version
   *     18 on, else 0
   */
  public record SourceNames(Set<String> databases, Set<String> roles, int protocolMinor) {
    public SourceNames {
      databases = Set.copyOf(databases);
      roles = Set.copyOf(roles);
    }
  }
}
