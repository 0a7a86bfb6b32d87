package dev.understudy.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Proportional set sizes, as the kernel tells them. Root's, for processes of others. */
final class Memory {
  private static final Pattern PSS = Pattern.compile("^Pss:\\s+(\\d+) kB", Pattern.MULTILINE);
  private static final long KIBIBYTE = 1024;

  private Memory() {}

  /** Of one process; 0 if it has ended. */
  static long of(long pid) {
    try {
      Matcher line =
          PSS.matcher(Files.readString(Path.of("/proc", String.valueOf(pid), "smaps_rollup")));
      return line.find() ? Long.parseLong(line.group(1)) * KIBIBYTE : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Of all processes whose command line names something below the directory, and of theirs. */
  static long below(Path directory) {
    Set<Long> pids =
        ProcessHandle.allProcesses()
            .filter(process -> process.info().commandLine().orElse("").contains(directory + "/"))
            .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
            .map(ProcessHandle::pid)
            .collect(Collectors.toSet());
    return pids.stream().mapToLong(Memory::of).sum();
  }
}
