package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.access.Origin;
import java.net.SocketAddress;

/**
 * Who is connected to the console.
 *
 * @param login the name that was authenticated: a user of the settings
 * @param role that the login has inside clones
 * @param origin where it comes from
 */
public record ConsoleClient(String login, String role, Origin origin) {
  public ConsoleClient {
    requireNonNull(login, "login is null");
    requireNonNull(role, "role is null");
    requireNonNull(origin, "origin is null");
  }

  /** For the log. */
  public SocketAddress address() {
    return origin.address();
  }
}
