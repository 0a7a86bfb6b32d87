package dev.understudy.cloner.dump;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.LeftBehind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What production says of itself before it is dumped.
 *
 * @param version as {@code server_version_num}
 * @param user whom we are there
 * @param readsPasswords whether {@code pg_authid} can be read
 * @param walSegmentSize in bytes
 * @param roles without those that every server has
 * @param settings that clones carry
 * @param position as {@link dev.understudy.cloner.source.Mirror#position} tells it
 */
record SourceCluster(
    int version,
    String user,
    boolean readsPasswords,
    boolean checksums,
    int walSegmentSize,
    List<SourceRole> roles,
    List<SourceRole.Membership> memberships,
    List<SourceRole.Settings> roleSettings,
    List<SourceDatabase> databases,
    Map<String, String> settings,
    LeftBehind leftBehind,
    String position) {
  SourceCluster {
    requireNonNull(user, "user is null");
    roles = List.copyOf(roles);
    memberships = List.copyOf(memberships);
    roleSettings = List.copyOf(roleSettings);
    databases = List.copyOf(databases);
    settings = Map.copyOf(settings);
    requireNonNull(leftBehind, "leftBehind is null");
    requireNonNull(position, "position is null");
  }

  int major() {
    return version / 10_000;
  }

  Set<String> roleNames() {
    return roles.stream().map(SourceRole::name).collect(Collectors.toUnmodifiableSet());
  }
}
