package dev.understudy.cloner.idle;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one environment's server that failed, one after the other. Not thread-safe: used by
 * whoever looks, one at a time.
 */
public final class Silence {
  /** A clock that jumped, or a host that slept, is no silence. */
  public static final int LOOKS = 10;

  private @Nullable Instant since;
  private int looks;

  /** The server answered. */
  void end() {
    since = null;
    looks = 0;
  }

  /**
   * Another look failed.
   *
   * @param lastActivity of a client; what was before that is forgotten
   * @return how long no look has succeeded and no client was active; zero after too few looks
   */
  Duration grow(Instant now, Instant lastActivity) {
    if (since == null || lastActivity.isAfter(since)) {
      since = now;
      looks = 0;
    }
    looks++;
    return looks < LOOKS ? Duration.ZERO : Duration.between(since, now);
  }
}
