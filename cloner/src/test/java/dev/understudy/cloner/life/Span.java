package dev.understudy.cloner.life;

import java.time.Duration;

/**
 * A moment of the own time, as a daemon remembers it: one or the other, as a daemon that is killed
 * may not have written down the last it knew.
 */
record Span(Duration from, Duration to) {
  static Span at(Duration moment) {
    return new Span(moment, moment);
  }

  /** The clock was set while no daemon worked: that time counts as the clock tells it. */
  Span clockSet(Duration by, Duration now) {
    return new Span(earlier(from.minus(by), now), earlier(to.minus(by), now));
  }

  /** The same, or a daemon worked and wrote down that it did not count. */
  Span perhapsSet(Duration by, Duration now) {
    Span other = clockSet(by, now);
    return new Span(earlier(from, other.from), later(to, other.to));
  }

  Span orSince(Duration before) {
    return new Span(earlier(from, before), to);
  }

  private static Duration earlier(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration later(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
