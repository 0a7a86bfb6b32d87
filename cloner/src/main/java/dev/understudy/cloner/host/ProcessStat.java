package dev.understudy.cloner.host;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says about a process.
 *
 * @param comm file name of the executable, at most 15 bytes; the process can set it to anything
 * @param state R, S, D, Z …
 * @param startTicks since boot
 * @param processorTicks that it has worked, and those of its children that it has waited for
 */
public record ProcessStat(
    long pid, String comm, char state, long parent, long startTicks, long processorTicks) {
  /** What the kernel counts in, wherever PostgreSQL is packaged for. */
  private static final long TICKS_PER_SECOND = 100;

  public ProcessStat {
    requireNonNull(comm, "comm is null");
  }

  /** Empty where there is no such process. A zombie still is one. */
  public static Optional<ProcessStat> of(long pid) {
    try {
      // comm is bytes of any kind, and Latin-1 decodes all of them.
      byte[] stat = Files.readAllBytes(Path.of("/proc/" + pid + "/stat"));
      return Optional.of(parse(new String(stat, StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The name may hold spaces, parentheses and line feeds: the last parenthesis ends it. */
  static ProcessStat parse(String stat) {
    int open = stat.indexOf('(');
    int close = stat.lastIndexOf(')');
    if (open < 1 || close < open) {
      throw new IllegalArgumentException("not a line of /proc/PID/stat: " + stat);
    }
    String[] after = stat.substring(close + 2).strip().split(" ", -1);
    if (after.length < 20) {
      throw new IllegalArgumentException("not a line of /proc/PID/stat: " + stat);
    }
    return new ProcessStat(
        Long.parseLong(stat.substring(0, open).strip()),
        stat.substring(open + 1, close),
        after[0].charAt(0),
        Long.parseLong(after[1]),
        Long.parseLong(after[19]),
        Arrays.stream(after, 11, 15).mapToLong(Long::parseLong).sum());
  }

  static Duration time(long ticks) {
    return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
  }

  public boolean isZombie() {
    return state == 'Z' || state == 'X';
  }

  /** By a signal, or by a debugger. */
  boolean isStopped() {
    return state == 'T' || state == 't';
  }

  public ProcessIdentity identity() {
    return new ProcessIdentity(BootId.current(), pid, startTicks);
  }
}
