package dev.understudy.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an environment stays awake, and how long it stays.
 *
 * @param suspendAfter idle time after which its server is stopped; null: never
 * @param dropAfter idle time after which it is dropped; null: never
 * @param expires time after its creation at which it is dropped, used or not; null: never
 */
public record Lifetime(
    @Nullable Duration suspendAfter, @Nullable Duration dropAfter, @Nullable Duration expires) {
  /** For ever, and always awake. */
  public static final Lifetime ENDLESS = new Lifetime(null, null, null);

  /** As long awake, and for ever. */
  public Lifetime withoutEnd() {
    return new Lifetime(suspendAfter, null, null);
  }

  /** Its data is to survive a crash of the host. */
  public boolean isDurable() {
    return dropAfter == null && expires == null;
  }
}
