package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the proxy accepts connections.
 *
 * @param port 0 for any free one
 * @param maxConnections authenticated sessions, all environments together
 * @param startupTimeout wall clock from accept to authenticated
 * @param createTimeout how long a client waits for an environment that is being made
 * @param tls null: clients that ask for TLS are told that there is none
 * @param proxyProtocol null: who connects is the client itself
 */
public record Listen(
    String host,
    int port,
    int maxConnections,
    Duration startupTimeout,
    Duration createTimeout,
    @Nullable Tls tls,
    @Nullable ProxyProtocol proxyProtocol) {
  public Listen {
    requireNonNull(host, "host is null");
    requireNonNull(startupTimeout, "startupTimeout is null");
    requireNonNull(createTimeout, "createTimeout is null");
  }

  /** To the clients themselves. */
  public Listen(
      String host,
      int port,
      int maxConnections,
      Duration startupTimeout,
      Duration createTimeout,
      @Nullable Tls tls) {
    this(host, port, maxConnections, startupTimeout, createTimeout, tls, null);
  }

  /** Without TLS, to the clients themselves. */
  public Listen(
      String host, int port, int maxConnections, Duration startupTimeout, Duration createTimeout) {
    this(host, port, maxConnections, startupTimeout, createTimeout, null);
  }
}
