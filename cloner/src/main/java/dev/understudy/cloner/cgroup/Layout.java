package dev.understudy.cloner.cgroup;

import dev.understudy.config.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Where the groups are and what their files are called.
 *
 * <p>Swap does not add to the memory of a limited clone: one that swaps slows down its neighbours.
 */
sealed interface Layout {
  int USUAL_WEIGHT = 100;

  /** The directories in which each clone has one of its own. */
  List<Path> parents();

  /** Of a clone, by its id. */
  void limit(String id, Resources limits) throws IOException;

  long memoryKills(String id);

  /** Empty where there is no group, or the kernel does not count. */
  Optional<GroupTime> processorTime(String id);

  /** One tree, as all systems have it since about 2021. */
  record Unified(Path parent) implements Layout {
    @Override
    public List<Path> parents() {
      return List.of(parent);
    }

    @Override
    public void limit(String id, Resources limits) throws IOException {
      Path group = parent.resolve(id);
      Long memory = limits.memoryBytes();
      write(group.resolve("memory.max"), memory == null ? "max" : memory);
      if (Files.exists(group.resolve("memory.swap.max"))) {
        write(group.resolve("memory.swap.max"), memory == null ? "max" : 0);
      }
      Integer weight = limits.cpuWeight();
      write(group.resolve("cpu.weight"), weight == null ? USUAL_WEIGHT : weight);
      Integer processes = limits.processes();
      write(group.resolve("pids.max"), processes == null ? "max" : processes);
    }

    @Override
    public long memoryKills(String id) {
      return count(parent.resolve(id).resolve("memory.events"), "oom_kill");
    }

    @Override
    public Optional<GroupTime> processorTime(String id) {
      Path group = parent.resolve(id);
      return time(
          group, Duration.of(count(group.resolve("cpu.stat"), "usage_usec"), ChronoUnit.MICROS));
    }
  }

  /** A tree for each controller. */
  record Separate(Path memory, Path cpu, Path pids) implements Layout {
    private static final long UNLIMITED = -1;
    private static final int USUAL_SHARES = 1024;
    private static final int LEAST_SHARES = 2;

    @Override
    public List<Path> parents() {
      return List.of(memory, cpu, pids).stream().distinct().toList();
    }

    @Override
    public void limit(String id, Resources limits) throws IOException {
      long bytes = limits.memoryBytes() == null ? UNLIMITED : limits.memoryBytes();
      Path withSwap = memory.resolve(id).resolve("memory.memsw.limit_in_bytes");
      boolean accountsForSwap = Files.exists(withSwap);
      // It may never be less than the limit without swap.
      if (accountsForSwap) {
        write(withSwap, UNLIMITED);
      }
      write(memory.resolve(id).resolve("memory.limit_in_bytes"), bytes);
      if (accountsForSwap) {
        write(withSwap, bytes);
      }
      int weight = limits.cpuWeight() == null ? USUAL_WEIGHT : limits.cpuWeight();
      write(
          cpu.resolve(id).resolve("cpu.shares"),
          Math.max(LEAST_SHARES, weight * USUAL_SHARES / USUAL_WEIGHT));
      Integer processes = limits.processes();
      write(pids.resolve(id).resolve("pids.max"), processes == null ? "max" : processes);
    }

    @Override
    public long memoryKills(String id) {
      return count(memory.resolve(id).resolve("memory.oom_control"), "oom_kill");
    }

    /** Counted by another controller, which is nearly everywhere in the same tree. */
    @Override
    public Optional<GroupTime> processorTime(String id) {
      Path group = cpu.resolve(id);
      try {
        String nanos = Files.readString(group.resolve("cpuacct.usage")).strip();
        return time(group, Duration.ofNanos(Long.parseLong(nanos)));
      } catch (IOException | NumberFormatException e) {
        return Optional.empty();
      }
    }
  }

  private static void write(Path file, Object value) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file + ": the kernel has no such limit here");
    }
    Files.writeString(file, value.toString());
  }

  private static Optional<GroupTime> time(Path group, Duration time) {
    try {
      return time.isZero()
          ? Optional.empty()
          : Optional.of(new GroupTime((Long) Files.getAttribute(group, "unix:ino"), time));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The number after a word at the beginning of a line; 0 where that cannot be read. */
  private static long count(Path file, String word) {
    try {
      return Files.readString(file)
          .lines()
          .filter(line -> line.startsWith(word + " "))
          .mapToLong(line -> Long.parseLong(line.substring(word.length() + 1).strip()))
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
