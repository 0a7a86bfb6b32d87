package dev.understudy.cloner.cgroup;

import dev.understudy.config.Resources;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * A control group of the kernel for each clone. Thread-safe for different clones; one clone by one
 * thread at a time.
 */
public interface ControlGroups {
  /** Where nothing is limited: no groups. */
  ControlGroups NONE =
      new ControlGroups() {
        @Override
        public void place(String id, Resources limits, long pid) {}

        @Override
        public void change(String id, Resources limits) {}

        @Override
        public long memoryKills(String id) {
          return 0;
        }

        @Override
        public Optional<GroupTime> processorTime(String id) {
          return Optional.empty();
        }

        @Override
        public void remove(String id) {}

        @Override
        public void sweep(Set<String> kept) {}
      };

  /**
   * Puts a process into the clone's group, which is made where there is none. What the process
   * starts from then on is in it.
   */
  void place(String id, Resources limits, long pid) throws IOException;

  /** Sets other limits for what is in the clone's group; nothing where there is no group. */
  void change(String id, Resources limits) throws IOException;

  /** How many processes of the group were killed because its memory had run out. */
  long memoryKills(String id);

  /** Empty where there is no group, or the kernel does not count. */
  Optional<GroupTime> processorTime(String id);

  /** Removes the group, in which no process is any more. Nothing where there is none. */
  void remove(String id) throws IOException;

  /** Removes the groups of all other clones in which no process is. */
  void sweep(Set<String> kept) throws IOException;
}
