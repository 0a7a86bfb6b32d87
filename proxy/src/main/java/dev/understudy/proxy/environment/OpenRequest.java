package dev.understudy.proxy.environment;

import static java.util.Objects.requireNonNull;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated session asks for its server.
 *
 * @param environment a valid environment name that a policy covers
 * @param fresh the token that the environment is to be reset for, unless it was before; null: it is
 *     wanted as it is
 * @param login the name that was authenticated
 * @param role the role inside the clone
 * @param scope the one state of the environment that will do, as its own role has authenticated;
 *     null: whichever
 * @param client for the log
 */
public record OpenRequest(
    String environment,
    String database,
    @Nullable String fresh,
    String login,
    String role,
    @Nullable String scope,
    SocketAddress client) {
  public OpenRequest {
    requireNonNull(environment, "environment is null");
    requireNonNull(database, "database is null");
    requireNonNull(login, "login is null");
    requireNonNull(role, "role is null");
    requireNonNull(client, "client is null");
  }
}
