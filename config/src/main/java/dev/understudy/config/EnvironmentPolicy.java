package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What applies to the environments whose name matches a pattern.
 *
 * @param source name of the source they are cloned from
 * @param database what a connection gets that names none; null: the source's only database
 * @param quota how many there may be
 * @param resources what the server of each may take
 * @param hooks run in each new clone before anybody gets in
 */
public record EnvironmentPolicy(
    NamePattern pattern,
    String source,
    @Nullable String database,
    Lifetime lifetime,
    RefreshPolicy refresh,
    Access access,
    Quota quota,
    Resources resources,
    Hooks hooks) {
  public EnvironmentPolicy {
    requireNonNull(pattern, "pattern is null");
    requireNonNull(source, "source is null");
    requireNonNull(lifetime, "lifetime is null");
    requireNonNull(refresh, "refresh is null");
    requireNonNull(access, "access is null");
    requireNonNull(quota, "quota is null");
    requireNonNull(resources, "resources is null");
    requireNonNull(hooks, "hooks is null");
  }

  /** Of environments that keep their data and are always awake. */
  public EnvironmentPolicy(
      NamePattern pattern, String source, @Nullable String database, @Nullable Duration dropAfter) {
    this(
        pattern,
        source,
        database,
        new Lifetime(null, dropAfter, null),
        RefreshPolicy.NEVER,
        Access.READ_WRITE,
        Quota.UNLIMITED,
        Resources.UNLIMITED,
        Hooks.NONE);
  }

  /** The one of them whose pattern covers a name most closely. */
  public static Optional<EnvironmentPolicy> covering(
      String environment, List<EnvironmentPolicy> policies) {
    return policies.stream()
        .filter(policy -> policy.pattern().matches(environment))
        .min(Comparator.comparing(EnvironmentPolicy::pattern));
  }

  public EnvironmentPolicy with(Lifetime other) {
    return new EnvironmentPolicy(
        pattern, source, database, other, refresh, access, quota, resources, hooks);
  }

  public EnvironmentPolicy with(RefreshPolicy other) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, other, access, quota, resources, hooks);
  }

  public EnvironmentPolicy with(Access other) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, refresh, other, quota, resources, hooks);
  }

  public EnvironmentPolicy with(Quota other) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, refresh, access, other, resources, hooks);
  }

  public EnvironmentPolicy with(Resources other) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, refresh, access, quota, other, hooks);
  }

  public EnvironmentPolicy with(Hooks other) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, refresh, access, quota, resources, other);
  }

  /** Whether what is written to them is to survive a crash of the host. */
  public boolean isDurable() {
    return lifetime.isDurable();
  }
}
