package dev.understudy.proxy.health;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How one event loop keeps up.
 *
 * @param delay the longest that something due had to wait for it in the last half a minute to a
 *     minute, which includes what waits now
 * @param pendingTasks that others have given to it and it has not begun
 */
public record EventLoopHealth(Duration delay, int pendingTasks) {
  public EventLoopHealth {
    requireNonNull(delay, "delay is null");
  }
}
