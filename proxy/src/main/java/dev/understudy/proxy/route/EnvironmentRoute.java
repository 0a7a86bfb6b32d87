package dev.understudy.proxy.route;

import static java.util.Objects.requireNonNull;

import dev.understudy.protocol.startup.StartupMessage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * To an environment that a policy covers; it may not exist yet.
 *
 * @param database what the session is to be connected to
 * @param openedFor the database to ask the environment for; differs from {@code database} where the
 *     session will not be connected to that
 * @param fresh the token that the environment is to be reset for, once, before it is used; null: it
 *     is used as it is
 * @param parameters what is to be passed on, in the client's order: all but user, database,
 *     protocol options and what routes
 */
public record EnvironmentRoute(
    String environment,
    String source,
    String database,
    String openedFor,
    @Nullable String fresh,
    String login,
    int protocolMinor,
    Map<String, String> parameters)
    implements Route {
  private static final int MAJOR = 3;

  public EnvironmentRoute {
    requireNonNull(environment, "environment is null");
    requireNonNull(source, "source is null");
    requireNonNull(database, "database is null");
    requireNonNull(openedFor, "openedFor is null");
    requireNonNull(login, "login is null");
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** True if the session will stream WAL and be connected to no database, whatever it names. */
  public boolean isPhysicalReplication() {
    return Replication.isPhysical(parameters.get(Replication.PARAMETER));
  }

  /** True if the session will stream changes of its database. */
  public boolean isLogicalReplication() {
    return Replication.isLogical(parameters.get(Replication.PARAMETER));
  }

  /**
   * What to send to the environment's server.
   *
   * @param minor as negotiated with the client
   * @param settings the daemon's own; they win over the client's
   */
  public StartupMessage startupMessage(int minor, String role, Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("user", role);
    all.put("database", database);
    all.putAll(parameters);
    all.putAll(settings);
    return new StartupMessage(MAJOR, minor, all);
  }
}
