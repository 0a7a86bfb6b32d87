package dev.understudy.proxy.client;

import static java.util.Objects.requireNonNull;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session when it begins, and stays as it is.
 *
 * @param login the name that was authenticated
 * @param role that the login has inside clones
 * @param database without the environment
 * @param environment null: the session is one of the console
 * @param applicationName of the startup message; empty: none. What is set later is not seen
 * @param address the client's own, also where somebody passes it on
 * @param localAddress that it has connected to
 * @param tls version and cipher suite, as {@code TLSv1.3/TLS_AES_256_GCM_SHA384}; empty: none
 */
public record ClientDescription(
    String login,
    String role,
    String database,
    @Nullable String environment,
    Replication replication,
    String applicationName,
    SocketAddress address,
    SocketAddress localAddress,
    String tls) {
  public ClientDescription {
    requireNonNull(login, "login is null");
    requireNonNull(role, "role is null");
    requireNonNull(database, "database is null");
    requireNonNull(replication, "replication is null");
    requireNonNull(applicationName, "applicationName is null");
    requireNonNull(address, "address is null");
    requireNonNull(localAddress, "localAddress is null");
    requireNonNull(tls, "tls is null");
  }

  /** Whether the startup message asks for replication. */
  public enum Replication {
    NONE,
    LOGICAL,
    PHYSICAL
  }

  /** What it is counted by. */
  public DatabaseName place() {
    return new DatabaseName(database, environment);
  }
}
