package dev.understudy.cloner.clone;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.cgroup.ControlGroups;
import dev.understudy.cloner.cgroup.GroupTime;
import dev.understudy.cloner.host.ProcessIdentity;
import dev.understudy.cloner.host.ProcessTree;
import dev.understudy.cloner.postgres.RunningServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * What the server of a clone has done since it was started.
 *
 * @param meter what counts it: another one begins at zero. No two runs of a server have the same
 * @param processorTime that processors have worked for it, and for what it has started. May be less
 *     for a moment where somebody has just ended and was not waited for yet
 * @param age of the server
 */
public record Work(String meter, Duration processorTime, Duration age) {
  public Work {
    requireNonNull(meter, "meter is null");
    requireNonNull(processorTime, "processorTime is null");
    requireNonNull(age, "age is null");
  }

  static Optional<Work> of(Clone clone, ControlGroups groups) throws IOException {
    Optional<RunningServer> server = clone.server();
    if (server.isEmpty()) {
      return Optional.empty();
    }
    ProcessIdentity first = server.get().identity();
    Duration age = first.age();
    Optional<GroupTime> group = groups.processorTime(clone.id());
    return group.isPresent()
        ? Optional.of(new Work("group " + group.get().inode(), group.get().time(), age))
        : ProcessTree.processorTime(first)
            .map(time -> new Work("process " + first.pid() + " " + first.startTicks(), time, age));
  }
}
