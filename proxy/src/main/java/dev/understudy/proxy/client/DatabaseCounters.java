package dev.understudy.proxy.client;

import java.util.HashSet;
import java.util.Set;

/**
 * Counts sessions that have something in common, as those of one database of one environment. What
 * of them is still open counts itself: its lock is taken where one begins or ends, or somebody
 * asks. Thread-safe.
 */
final class DatabaseCounters {
  private final Set<Client> open = new HashSet<>();
  private Totals ended = Totals.ZERO;
  private Totals older = Totals.ZERO;
  private Totals newer = Totals.ZERO;

  synchronized void begun(Client client) {
    open.add(client);
  }

  /** Idempotent. */
  synchronized void ended(Client client) {
    if (open.remove(client)) {
      ended = ended.plus(client.totals());
    }
  }

  synchronized boolean isUnused() {
    return open.isEmpty();
  }

  /** No number of it ever becomes less. */
  synchronized Totals totals() {
    return open.stream().map(Client::totals).reduce(ended, Totals::plus);
  }

  /** What has come since the last period began. */
  synchronized Totals recent() {
    return totals().minus(older);
  }

  /** A new period begins. */
  synchronized void turn() {
    older = newer;
    newer = totals();
  }
}
