package dev.understudy.cloner.cgroup;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Resources;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * No groups, until some are needed for the first time. A clone that was started before then gets
 * its group at its next start. Thread-safe as all groups are.
 */
public final class GroupsWhenNeeded implements ControlGroups {
  private final ControlGroupProbe probe;
  private volatile ControlGroups groups = NONE;
  private boolean found;

  /**
   * None yet.
   *
   * @param probe asked once for the real ones
   */
  public GroupsWhenNeeded(ControlGroupProbe probe) {
    this.probe = requireNonNull(probe, "probe is null");
  }

  /**
   * From now on there are groups.
   *
   * @throws IOException saying what stands in the way; then there are none
   */
  public synchronized void need() throws IOException {
    if (!found) {
      groups = probe.find();
      found = true;
    }
  }

  @Override
  public void place(String id, Resources limits, long pid) throws IOException {
    groups.place(id, limits, pid);
  }

  @Override
  public void change(String id, Resources limits) throws IOException {
    groups.change(id, limits);
  }

  @Override
  public long memoryKills(String id) {
    return groups.memoryKills(id);
  }

  @Override
  public Optional<GroupTime> processorTime(String id) {
    return groups.processorTime(id);
  }

  @Override
  public void remove(String id) throws IOException {
    groups.remove(id);
  }

  @Override
  public void sweep(Set<String> kept) throws IOException {
    groups.sweep(kept);
  }
}
