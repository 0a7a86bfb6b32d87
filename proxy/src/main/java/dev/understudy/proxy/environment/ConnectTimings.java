package dev.understudy.proxy.environment;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long the proxy's own phases of one connect took.
 *
 * @param authenticate from the startup message to AuthenticationOk, the client's answers included
 * @param connect from the lease to the first ReadyForQuery of the server
 */
public record ConnectTimings(Duration authenticate, Duration connect) {
  public ConnectTimings {
    requireNonNull(authenticate, "authenticate is null");
    requireNonNull(connect, "connect is null");
  }
}
