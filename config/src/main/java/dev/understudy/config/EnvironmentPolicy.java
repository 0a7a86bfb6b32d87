package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What applies to the environments whose name matches a pattern.
 *
 * @param source name of the source they are cloned from
 * @param database what a connection gets that names none; null: the source's only database
 * @param quota how many there may be
 * @param resources what the server of each may take
 * @param afterCreate run in this order in each new clone before anybody gets in
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
    List<Hook> afterCreate) {
  public EnvironmentPolicy {
    requireNonNull(pattern, "pattern is null");
    requireNonNull(source, "source is null");
    requireNonNull(lifetime, "lifetime is null");
    requireNonNull(refresh, "refresh is null");
    requireNonNull(access, "access is null");
    requireNonNull(quota, "quota is null");
    requireNonNull(resources, "resources is null");
    afterCreate = List.copyOf(afterCreate);
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
        List.of());
  }

  public EnvironmentPolicy with(Lifetime other) {
    return new EnvironmentPolicy(
        pattern, source, database, other, refresh, access, quota, resources, afterCreate);
  }

  public EnvironmentPolicy with(RefreshPolicy other) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, other, access, quota, resources, afterCreate);
  }

  public EnvironmentPolicy with(Access other) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, refresh, other, quota, resources, afterCreate);
  }

  public EnvironmentPolicy with(Quota other) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, refresh, access, other, resources, afterCreate);
  }

  public EnvironmentPolicy with(Resources other) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, refresh, access, quota, other, afterCreate);
  }

  public EnvironmentPolicy with(List<Hook> hooks) {
    return new EnvironmentPolicy(
        pattern, source, database, lifetime, refresh, access, quota, resources, hooks);
  }

  /** Whether what is written to them is to survive a crash of the host. */
  public boolean isDurable() {
    return lifetime.isDurable();
  }
}
