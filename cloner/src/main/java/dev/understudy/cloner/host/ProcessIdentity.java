package dev.understudy.cloner.host;

import static java.util.Objects.requireNonNull;

/**
 * A process, told apart from any other that ever had or will have the same pid.
 *
 * @param startTicks field 22 of {@code /proc/PID/stat}
 */
public record ProcessIdentity(String bootId, long pid, long startTicks) {
  public ProcessIdentity {
    requireNonNull(bootId, "bootId is null");
  }
}
