package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Where and how the proxy accepts connections.
 *
 * @param port 0 for any free one
 * @param maxConnections authenticated sessions, all environments together
 * @param startupTimeout wall clock from accept to authenticated
 * @param createTimeout how long a client waits for an environment that is being made
 */
public record Listen(
    String host, int port, int maxConnections, Duration startupTimeout, Duration createTimeout) {
  public Listen {
    requireNonNull(host, "host is null");
    requireNonNull(startupTimeout, "startupTimeout is null");
    requireNonNull(createTimeout, "createTimeout is null");
  }
}
