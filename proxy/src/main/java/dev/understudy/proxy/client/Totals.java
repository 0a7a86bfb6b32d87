package dev.understudy.proxy.client;

/**
 * What has been counted of some sessions.
 *
 * @param logins sessions that have begun
 * @param assignments of a server to a session
 * @param received bytes from clients
 * @param sent bytes to clients
 * @param waitMicros that clients have waited for their servers, of those that have got one
 */
public record Totals(long logins, long assignments, long received, long sent, long waitMicros) {
  public static final Totals ZERO = new Totals(0, 0, 0, 0, 0);

  /** Both together. */
  public Totals plus(Totals other) {
    return new Totals(
        logins + other.logins,
        assignments + other.assignments,
        received + other.received,
        sent + other.sent,
        waitMicros + other.waitMicros);
  }

  /** What has come since an earlier count of the same. */
  public Totals minus(Totals earlier) {
    return new Totals(
        logins - earlier.logins,
        assignments - earlier.assignments,
        received - earlier.received,
        sent - earlier.sent,
        waitMicros - earlier.waitMicros);
  }
}
