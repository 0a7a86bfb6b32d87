package dev.understudy.cloner.snapshot;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How it has gone to cut the snapshots of one source, since the daemon began.
 *
 * @param cut that were
 * @param failed attempts, but for those that the daemon's end has ended
 * @param last how long the last one that was cut has taken, its copy included; null: none was
 */
public record CutStatistics(long cut, long failed, @Nullable Duration last) {
  /** Nothing was tried yet. */
  static final CutStatistics NONE = new CutStatistics(0, 0, null);

  CutStatistics succeeded(Duration took) {
    return new CutStatistics(cut + 1, failed, took);
  }

  CutStatistics failedOnce() {
    return new CutStatistics(cut, failed + 1, last);
  }
}
