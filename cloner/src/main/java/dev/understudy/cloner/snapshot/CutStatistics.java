package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How it has gone to cut the snapshots of one source, since the daemon began.
 *
 * @param cut that were
 * @param failed attempts, but for those that the daemon's end has ended
 * @param last how long the last one that was cut has taken, its copy included; null: none was
 * @param failure of the latest attempt; null: it has not failed, or there was none
 */
public record CutStatistics(
    long cut, long failed, @Nullable Duration last, @Nullable Failure failure) {
  /** Nothing was tried yet. */
  static final CutStatistics NONE = new CutStatistics(0, 0, null, null);

  /**
   * Why no snapshot was cut, and when that was known.
   *
   * @param message nothing secret
   */
  public record Failure(Instant at, String message) {
    public Failure {
      requireNonNull(at, "at is null");
      requireNonNull(message, "message is null");
    }
  }

  CutStatistics succeeded(Duration took) {
    return new CutStatistics(cut + 1, failed, took, null);
  }

  /** Production was reached, and there was nothing to cut. */
  CutStatistics passedBy() {
    return new CutStatistics(cut, failed, last, null);
  }

  CutStatistics failedOnce(Instant at, String message) {
    return new CutStatistics(cut, failed + 1, last, new Failure(at, message));
  }
}
