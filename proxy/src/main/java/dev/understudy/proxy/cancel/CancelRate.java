package dev.understudy.proxy.cancel;

/**
 * How many cancel requests one network may send.
 *
 * @param perSecond on average
 * @param burst at once, after a time without any
 */
public record CancelRate(int perSecond, int burst) {
  public CancelRate {
    if (perSecond < 1 || burst < 1) {
      throw new IllegalArgumentException("a rate of nothing");
    }
  }
}
