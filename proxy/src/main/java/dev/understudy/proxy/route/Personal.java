package dev.understudy.proxy.route;

import dev.understudy.config.NamePattern;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What names of environments make of names of roles, which may have any character. */
final class Personal {
  private Personal() {}

  /** Null if nothing is left of the name. Several roles may come to the same. */
  static @Nullable String fold(String role) {
    EnvironmentName folded = EnvironmentName.nearest(role);
    return folded == null ? null : folded.text();
  }

  /** The environment of a personal pattern that a role may open; null: there is none. */
  static @Nullable EnvironmentName nameOf(NamePattern pattern, String role) {
    String folded = fold(role);
    return folded == null ? null : EnvironmentName.parse(pattern.with(folded));
  }

  /** Somebody else whose name comes to the same, be it in the settings or in a source. */
  static @Nullable String otherWith(
      String folded, String role, Set<String> users, Set<String> roles) {
    return Stream.concat(users.stream(), roles.stream())
        .filter(other -> !other.equals(role) && folded.equals(fold(other)))
        .sorted()
        .findFirst()
        .orElse(null);
  }
}
