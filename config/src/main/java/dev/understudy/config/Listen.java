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
 * @param admission whom it lets in
 */
public record Listen(
    String host,
    int port,
    int maxConnections,
    Duration startupTimeout,
    Duration createTimeout,
    @Nullable Tls tls,
    Admission admission) {
  public Listen {
    requireNonNull(host, "host is null");
    requireNonNull(startupTimeout, "startupTimeout is null");
    requireNonNull(createTimeout, "createTimeout is null");
    requireNonNull(admission, "admission is null");
  }

  /** For whoever can authenticate. */
  public Listen(
      String host,
      int port,
      int maxConnections,
      Duration startupTimeout,
      Duration createTimeout,
      @Nullable Tls tls) {
    this(host, port, maxConnections, startupTimeout, createTimeout, tls, Admission.DEFAULT);
  }

  /** Without TLS. */
  public Listen(
      String host, int port, int maxConnections, Duration startupTimeout, Duration createTimeout) {
    this(host, port, maxConnections, startupTimeout, createTimeout, null);
  }
}
