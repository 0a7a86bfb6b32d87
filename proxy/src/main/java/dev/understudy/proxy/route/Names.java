package dev.understudy.proxy.route;

import dev.understudy.config.EnvironmentPolicy;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The names that routing must know, a consistent view of one moment.
 *
 * @param policies most specific pattern first
 * @param sources databases, roles and protocol of each source's newest snapshot, by source name and
 *     in the order of the names
 * @param users logins of the settings
 * @param domain in lower case; {@code NAME.domain} as TLS server name is that of an environment;
 *     null: none is
 */
public record Names(
    List<EnvironmentPolicy> policies,
    Map<String, SourceNames> sources,
    Set<String> users,
    @Nullable String domain) {
  private static final Set<String> ALWAYS_THERE = Set.of("postgres", "template0", "template1");

  public Names {
    policies = policies.stream().sorted(Comparator.comparing(p -> p.pattern())).toList();
    sources = Collections.unmodifiableMap(new TreeMap<>(sources));
    users = Set.copyOf(users);
  }

  /** Where server names name nothing. */
  public Names(
      List<EnvironmentPolicy> policies, Map<String, SourceNames> sources, Set<String> users) {
    this(policies, sources, users, null);
  }

  public Names(List<EnvironmentPolicy> policies, Map<String, SourceNames> sources) {
    this(policies, sources, Set.of());
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

  /** As {@link EnvironmentPolicy#covering}. */
  @Nullable EnvironmentPolicy policyOf(EnvironmentName name) {
    return EnvironmentPolicy.covering(name.text(), policies).orElse(null);
  }

  /** True if somebody can log in by exactly this name. */
  boolean isLogin(String name) {
    return users.contains(name)
        || sources.values().stream().anyMatch(source -> source.roles().contains(name));
  }

  /** True if some source has, or every server has, a database of exactly this name. */
  boolean isDatabase(String name) {
    return ALWAYS_THERE.contains(name) || sourceOfDatabase(name) != null;
  }

  @Nullable String sourceOfDatabase(String name) {
    return firstSource(source -> source.databases().contains(name));
  }

  /**
   * The source against whose roles a login is checked when its connection names no environment that
   * a policy covers; an empty text when none suggests itself.
   */
  String sourceOfLogin(String login) {
    if (sources.size() == 1) {
      return sources.keySet().iterator().next();
    }
    String source = firstSource(candidate -> candidate.roles().contains(login));
    return source == null ? "" : source;
  }

  /** What a connection may speak that is to end in any of the sources, or in none. */
  int lowestProtocolMinor() {
    return sources.values().stream().mapToInt(SourceNames::protocolMinor).min().orElse(0);
  }

  private @Nullable String firstSource(Predicate<SourceNames> condition) {
    return sources.entrySet().stream()
        .filter(source -> condition.test(source.getValue()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }
}
