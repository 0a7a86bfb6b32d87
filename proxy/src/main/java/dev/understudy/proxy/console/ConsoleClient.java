package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import java.net.SocketAddress;

/**
 * Who is connected to the console.
 *
 * @param login the name that was authenticated: a user of the settings
 * @param role that the login has inside clones
 */
public record ConsoleClient(String login, String role, SocketAddress address) {
  public ConsoleClient {
    requireNonNull(login, "login is null");
    requireNonNull(role, "role is null");
    requireNonNull(address, "address is null");
  }
}
