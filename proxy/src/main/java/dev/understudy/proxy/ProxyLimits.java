package dev.understudy.proxy;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.cancel.CancelRate;
import java.time.Duration;

/**
 * Bounds that are no settings.
 *
 * @param arriving connections that have not said yet what they want, silent or in a TLS handshake;
 *     half of them may come from one address
 * @param unauthenticated connections between their startup message and authenticated
 * @param unauthenticatedPerAddress the same, of one address
 * @param stay how long a client may say nothing, before it has authenticated, when others wait for
 *     its place; long, as in a burst on a busy host a client takes seconds to compute its proof
 * @param waitingAtDoor connections that wait for one of those places; half of them may come from
 *     one address
 * @param turnedAwayAtDoor that are told at once that there is no room to wait
 * @param cancelRequests that are carried to servers at once
 * @param cancelTimeout for one of them
 * @param cancelRate of requests from one network
 * @param noticeAfter when a client that waits for its environment is told so
 * @param connectPatience with a server whose socket's backlog is full
 */
public record ProxyLimits(
    int arriving,
    int unauthenticated,
    int unauthenticatedPerAddress,
    Duration stay,
    int waitingAtDoor,
    int turnedAwayAtDoor,
    int cancelRequests,
    Duration cancelTimeout,
    CancelRate cancelRate,
    Duration noticeAfter,
    Duration connectPatience) {
  public static final ProxyLimits DEFAULT =
      new ProxyLimits(
          2048,
          256,
          64,
          Duration.ofSeconds(15),
          1024,
          256,
          128,
          Duration.ofSeconds(10),
          new CancelRate(200, 1000),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));

  public ProxyLimits {
    requireNonNull(stay, "stay is null");
    requireNonNull(cancelTimeout, "cancelTimeout is null");
    requireNonNull(cancelRate, "cancelRate is null");
    requireNonNull(noticeAfter, "noticeAfter is null");
    requireNonNull(connectPatience, "connectPatience is null");
  }
}
