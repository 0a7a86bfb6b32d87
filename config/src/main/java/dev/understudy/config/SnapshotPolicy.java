package dev.understudy.config;

import org.jspecify.annotations.Nullable;

/**
 * When snapshots of a source are cut, and how many are kept.
 *
 * @param schedule null: only when there is none, and on demand
 * @param keep at least 1
 */
public record SnapshotPolicy(@Nullable Schedule schedule, int keep) {
  /** Each day at 4:00 in the settings' time zone; the last three. */
  public static final SnapshotPolicy DEFAULT = new SnapshotPolicy(new Schedule("0 4 * * *"), 3);

  /** One snapshot, cut when there is none. */
  public static final SnapshotPolicy ONCE = new SnapshotPolicy(null, 1);

  public SnapshotPolicy {
    if (keep < 1) {
      throw new IllegalArgumentException("keep is " + keep);
    }
  }
}
