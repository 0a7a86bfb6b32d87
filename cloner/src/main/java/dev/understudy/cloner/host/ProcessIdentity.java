package dev.understudy.cloner.host;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process, told apart from any other that ever had or will have the same pid.
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}
 */
public record ProcessIdentity(String bootId, long pid, long startTicks) {
  public ProcessIdentity {
    requireNonNull(bootId, "bootId is null");
  }

  /**
   * How long it is since it was started. Of this boot; the time that the host has slept counts.
   *
   * @throws IOException if the kernel does not say how long it runs
   */
  public Duration age() throws IOException {
    String uptime = Files.readString(Path.of("/proc/uptime"));
    double seconds = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
    return Duration.ofMillis((long) (seconds * 1000)).minus(ProcessStat.time(startTicks));
  }
}
