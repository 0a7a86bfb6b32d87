package dev.understudy.cloner.environment;

import dev.understudy.cloner.clone.CreationTimings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Opening} came to.
 *
 * @param timings how long making took; null if the server was only started or ran already
 * @param start how long starting the server took that was there; null if it was not started
 * @param effect null: it ran already
 */
record Opened(
    @Nullable CreationTimings timings, @Nullable Duration start, @Nullable Effect effect) {
  /** It ran already. */
  static final Opened NOTHING = new Opened(null, null, null);
}
