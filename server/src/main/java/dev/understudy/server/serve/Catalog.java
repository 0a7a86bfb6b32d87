package dev.understudy.server.serve;

import dev.understudy.cloner.snapshot.Snapshot;
import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.Secret;
import dev.understudy.proxy.authenticate.UsualIterations;
import dev.understudy.proxy.route.Names;
import dev.understudy.proxy.route.Names.SourceNames;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the newest snapshots of one moment hold, arranged for look-up. Immutable. */
final class Catalog {
  private static final int FIRST_WITH_PROTOCOL_3_2 = 18;

  private final Names names;
  private final Map<String, Map<String, Snapshot.Role>> roles = new HashMap<>();
  private final Map<String, OptionalInt> usualIterations = new HashMap<>();

  /**
   * @param users logins of the settings
   * @param domain as for {@link Names}
   * @param newest at most one snapshot of each source
   */
  Catalog(
      List<EnvironmentPolicy> policies,
      Set<String> users,
      @Nullable String domain,
      Collection<Snapshot> newest) {
    Map<String, SourceNames> sources = new HashMap<>();
    for (Snapshot snapshot : newest) {
      Map<String, Snapshot.Role> byName =
          snapshot.roles().stream()
              .collect(Collectors.toUnmodifiableMap(Snapshot.Role::name, Function.identity()));
      roles.put(snapshot.source(), byName);
      usualIterations.put(snapshot.source(), UsualIterations.of(verifiers(snapshot)));
      sources.put(snapshot.source(), sourceNames(snapshot, byName));
    }
    names = new Names(policies, sources, users, domain);
  }

  Names names() {
    return names;
  }

  Optional<Snapshot.Role> role(String source, String name) {
    return Optional.ofNullable(roles.getOrDefault(source, Map.of()).get(name));
  }

  /** That of most SCRAM verifiers of a source; empty where there are none. */
  OptionalInt usualIterations(String source) {
    return usualIterations.getOrDefault(source, OptionalInt.empty());
  }

  private static List<Secret> verifiers(Snapshot snapshot) {
    return snapshot.roles().stream()
        .map(Snapshot.Role::verifier)
        .filter(Objects::nonNull)
        .map(Secret::new)
        .toList();
  }

  private static SourceNames sourceNames(Snapshot snapshot, Map<String, Snapshot.Role> roles) {
    return new SourceNames(
        snapshot.databases().stream()
            .filter(database -> database.allowsConnections() && !database.template())
            .map(Snapshot.Database::name)
            .collect(Collectors.toUnmodifiableSet()),
        roles.keySet(),
        snapshot.major() >= FIRST_WITH_PROTOCOL_3_2 ? 2 : 0);
  }
}
