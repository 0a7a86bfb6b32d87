package dev.understudy.cloner.environment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What ends an environment by itself, as its policy is now.
 *
 * @param expiry used or not; null: it does not expire
 * @param idleDrop if nobody uses it until then; null: idleness does not end it
 */
public record Endings(@Nullable Ending expiry, @Nullable Ending idleDrop) {
  public static final Endings NONE = new Endings(null, null);

  /** The one that comes first; null: there is none. */
  public @Nullable Ending first() {
    if (expiry == null || idleDrop == null) {
      return expiry == null ? idleDrop : expiry;
    }
    return idleDrop.at().isBefore(expiry.at()) ? idleDrop : expiry;
  }

  /** The same, but neither that early. */
  Endings notBefore(Instant noExpiryBefore, Instant noDropBefore) {
    return new Endings(
        expiry == null ? null : expiry.notBefore(noExpiryBefore),
        idleDrop == null ? null : idleDrop.notBefore(noDropBefore));
  }
}
