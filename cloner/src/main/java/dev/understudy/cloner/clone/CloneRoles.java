package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The roles of one clone as they were when its server was asked last. What is not among them, the
 * clone does not have. Immutable.
 */
public final class CloneRoles {
  private final String clone;
  private final String source;
  private final Map<String, CloneRole> roles;

  private CloneRoles(String clone, String source, Map<String, CloneRole> roles) {
    this.clone = clone;
    this.source = source;
    this.roles = roles;
  }

  /**
   * Of a clone.
   *
   * @param clone id
   * @param source name of the source that it was made of
   * @param roles no two of a name
   */
  public CloneRoles(String clone, String source, List<CloneRole> roles) {
    this.clone = requireNonNull(clone, "clone is null");
    this.source = requireNonNull(source, "source is null");
    this.roles =
        roles.stream().collect(Collectors.toUnmodifiableMap(CloneRole::name, Function.identity()));
  }

  /** Id of the clone. */
  public String cloneId() {
    return clone;
  }

  public String source() {
    return source;
  }

  public Optional<CloneRole> role(String name) {
    return Optional.ofNullable(roles.get(name));
  }

  /** The same of a clone that was copied from this one. */
  CloneRoles of(String copy) {
    return new CloneRoles(copy, source, roles);
  }

  /** Their record. */
  RolesRecord record() {
    return new RolesRecord(List.copyOf(roles.values()));
  }

  /** Whether the server said the same. */
  boolean areAs(CloneRoles others) {
    return roles.equals(others.roles);
  }
}
