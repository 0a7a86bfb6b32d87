package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Somebody wants a session.
 *
 * @param environment a name
 * @param database that has to be in it, if it is made for this
 * @param role that an environment made for this belongs to; null: nobody's
 * @param fresh token for which it begins anew before it is used, unless it has done so before;
 *     null: it is wanted as it is
 * @param target id of the clone that alone will do, as its own role has authenticated; null:
 *     whichever
 */
public record EnvironmentRequest(
    String environment,
    String database,
    @Nullable String role,
    @Nullable String fresh,
    @Nullable String target) {
  public EnvironmentRequest {
    requireNonNull(environment, "environment is null");
    requireNonNull(database, "database is null");
  }

  /** Whichever clone it has. */
  public EnvironmentRequest(
      String environment, String database, @Nullable String role, @Nullable String fresh) {
    this(environment, database, role, fresh, null);
  }

  /** As it is. */
  public EnvironmentRequest(String environment, String database, @Nullable String role) {
    this(environment, database, role, null, null);
  }

  /** Of whom nobody knows a role. */
  public EnvironmentRequest(String environment, String database) {
    this(environment, database, null, null, null);
  }
}
