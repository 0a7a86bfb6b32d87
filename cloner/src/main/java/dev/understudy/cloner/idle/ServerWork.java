package dev.understudy.cloner.idle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a server is doing for its clients, as it tells itself.
 *
 * @param busy a statement runs, or a walsender
 * @param openTransaction how long ago a transaction that is still open was used last; null if none
 *     is open
 * @param sessions that are in the middle of something: a transaction, a statement, a stream of WAL
 */
public record ServerWork(boolean busy, @Nullable Duration openTransaction, int sessions) {
  public static final ServerWork NONE = new ServerWork(false, null, 0);

  /** Of one session, or none. */
  public ServerWork(boolean busy, @Nullable Duration openTransaction) {
    this(busy, openTransaction, busy || openTransaction != null ? 1 : 0);
  }
}
