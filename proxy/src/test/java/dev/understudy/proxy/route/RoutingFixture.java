package dev.understudy.proxy.route;

import dev.understudy.config.EnvironmentPolicy;
import dev.understudy.config.NamePattern;
import dev.understudy.protocol.startup.StartupMessage;
import dev.understudy.proxy.route.Names.SourceNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Names as a daemon with two sources has them, and startup messages as clients send them. */
final class RoutingFixture {
  static final Names NAMES =
      new Names(
          List.of(
              policy("staging", "prod", "shop"),
              policy("pr-*", "prod", "shop"),
              policy("lit", "ledger", null),
              policy("m*", "prod", null),
              policy("late", "unready", "x"),
              policy("*-nightly", "prod", "shop"),
              policy("*", "prod", "shop")),
          Map.of(
              "prod",
                  new SourceNames(
                      Set.of("postgres", "shop", "crm", "my db"), Set.of("app", "me@corp"), 2),
              "ledger", new SourceNames(Set.of("postgres", "books"), Set.of("clerk"), 0)),
          Set.of("alice@example"));

  private RoutingFixture() {}

  static EnvironmentPolicy policy(String pattern, String source, @Nullable String database) {
    return new EnvironmentPolicy(new NamePattern(pattern), source, database, null);
  }

  /** A message of names and values in turn. */
  static StartupMessage message(String... parameters) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      map.put(parameters[i], parameters[i + 1]);
    }
    return new StartupMessage(3, 0, map);
  }

  static Route route(String... parameters) {
    return Router.route(message(parameters), NAMES);
  }
}
