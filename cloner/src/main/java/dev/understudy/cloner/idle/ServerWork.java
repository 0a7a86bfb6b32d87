package dev.understudy.cloner.idle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a server is doing for its clients, as it tells itself.
 *
 * @param busy a statement runs, or a walsender
 * @param openTransaction how long ago a transaction that is still open was used last; null if none
 *     is open
 */
public record ServerWork(boolean busy, @Nullable Duration openTransaction) {
  public static final ServerWork NONE = new ServerWork(false, null);
}
