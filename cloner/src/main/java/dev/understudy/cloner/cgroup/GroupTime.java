package dev.understudy.cloner.cgroup;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long processors have worked for what is, or was, in a group.
 *
 * @param inode of the group: one that is made anew begins at zero, and has another
 */
public record GroupTime(long inode, Duration time) {
  public GroupTime {
    requireNonNull(time, "time is null");
  }
}
