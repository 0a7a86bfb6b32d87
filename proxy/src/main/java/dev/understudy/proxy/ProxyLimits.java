package dev.understudy.proxy;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Bounds that are no settings.
 *
 * @param unauthenticated connections between accept and authenticated
 * @param unauthenticatedPerAddress the same, of one address
 * @param waitingAtDoor accepted connections that wait, unread, for one of those places; half of
 *     them may come from one address
 * @param turnedAwayAtDoor that are told at once that there is no room to wait
 * @param cancelRequests that are carried to servers at once
 * @param cancelTimeout for one of them
 * @param noticeAfter when a client that waits for its environment is told so
 * @param connectPatience with a server whose socket's backlog is full
 */
public record ProxyLimits(
    int unauthenticated,
    int unauthenticatedPerAddress,
    int waitingAtDoor,
    int turnedAwayAtDoor,
    int cancelRequests,
    Duration cancelTimeout,
    Duration noticeAfter,
    Duration connectPatience) {
  public static final ProxyLimits DEFAULT =
      new ProxyLimits(
          256,
          64,
          1024,
          256,
          128,
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));

  public ProxyLimits {
    requireNonNull(cancelTimeout, "cancelTimeout is null");
    requireNonNull(noticeAfter, "noticeAfter is null");
    requireNonNull(connectPatience, "connectPatience is null");
  }
}
