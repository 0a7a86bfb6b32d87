package dev.understudy.cloner.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Who is whose child, and which process is the first of a pid namespace. */
public final class ProcessTree {
  private ProcessTree() {}

  /** Children that have not ended yet, the oldest first. */
  public static List<ProcessStat> children(long pid) {
    return childPids(pid).stream()
        .map(ProcessStat::of)
        .flatMap(Optional::stream)
        .filter(stat -> stat.parent() == pid && !stat.isZombie())
        .sorted(Comparator.comparingLong(ProcessStat::startTicks))
        .toList();
  }

  /** In a pid namespace below ours, the process whose end is the end of all others in there. */
  public static boolean isFirstOfNamespace(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("NSpid:")) {
          String[] pids = line.substring("NSpid:".length()).strip().split("\\s+", -1);
          return pids.length > 1 && pids[pids.length - 1].equals("1");
        }
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  /** The process, its children, their children and so on; those that have not ended yet. */
  static List<ProcessStat> family(ProcessStat eldest) {
    List<ProcessStat> family = new ArrayList<>(List.of(eldest));
    for (int i = 0; i < family.size(); i++) {
      family.addAll(children(family.get(i).pid()));
    }
    return family;
  }

  /**
   * How long processors have worked for a process, and for all that it has started: also what has
   * ended, as soon as whoever started it has waited for it. Empty if the process has ended.
   */
  public static Optional<Duration> processorTime(ProcessIdentity eldest) {
    return ProcessStat.of(eldest.pid())
        .filter(stat -> stat.identity().equals(eldest))
        .map(stat -> ProcessStat.time(ticks(family(stat))));
  }

  private static long ticks(List<ProcessStat> processes) {
    return processes.stream().mapToLong(ProcessStat::processorTicks).sum();
  }

  private static List<Long> childPids(long pid) {
    List<Long> pids = new ArrayList<>();
    // Each thread has children of its own.
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      for (Path thread : threads) {
        String children = Files.readString(thread.resolve("children"));
        Arrays.stream(children.strip().split(" ", -1))
            .filter(text -> !text.isEmpty())
            .map(Long::valueOf)
            .forEach(pids::add);
      }
      return pids;
    } catch (IOException e) {
      // A kernel without CONFIG_PROC_CHILDREN, or no such process: then this finds none either.
      return ProcessHandle.of(pid).stream()
          .flatMap(ProcessHandle::children)
          .map(ProcessHandle::pid)
          .toList();
    }
  }
}
