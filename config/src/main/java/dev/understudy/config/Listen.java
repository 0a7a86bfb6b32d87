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
 * @param drainTimeout how long sessions get to come between transactions when the daemon stops
 * @param tls null: clients that ask for TLS are told that there is none
 * @param proxyProtocol null: who connects is the client itself
 * @param admission whom it lets in
 */
public record Listen(
    String host,
    int port,
    int maxConnections,
    Duration startupTimeout,
    Duration createTimeout,
    Duration drainTimeout,
    @Nullable Tls tls,
    @Nullable ProxyProtocol proxyProtocol,
    Admission admission) {
  public static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

  public Listen {
    requireNonNull(host, "host is null");
    requireNonNull(startupTimeout, "startupTimeout is null");
    requireNonNull(createTimeout, "createTimeout is null");
    requireNonNull(drainTimeout, "drainTimeout is null");
    requireNonNull(admission, "admission is null");
  }

  Listen at(String otherHost, int otherPort, @Nullable Tls otherTls) {
    return new Listen(
        otherHost,
        otherPort,
        maxConnections,
        startupTimeout,
        createTimeout,
        drainTimeout,
        otherTls,
        proxyProtocol,
        admission);
  }

  /** To the clients themselves, whoever can authenticate. */
  public Listen(
      String host,
      int port,
      int maxConnections,
      Duration startupTimeout,
      Duration createTimeout,
      @Nullable Tls tls) {
    this(
        host,
        port,
        maxConnections,
        startupTimeout,
        createTimeout,
        DRAIN_TIMEOUT,
        tls,
        null,
        Admission.DEFAULT);
  }

  /** The same without TLS. */
  public Listen(
      String host, int port, int maxConnections, Duration startupTimeout, Duration createTimeout) {
    this(host, port, maxConnections, startupTimeout, createTimeout, null);
  }
}
