package dev.understudy.server.command;

import dev.understudy.cloner.host.ShortCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The end of the host, be it for a reboot, as systemd has it. */
final class HostShutdown {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final List<String> QUESTION = List.of("systemctl", "is-system-running");

  private HostShutdown() {}

  /**
   * Whether it has begun; false also where there is no systemd, or where it does not answer. Blocks
   * for some seconds at most.
   */
  static boolean isUnderWay() {
    try {
      // On stderr it may say more, and we hear both.
      return ShortCommand.run(QUESTION, PATIENCE).output().lines().anyMatch("stopping"::equals);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
