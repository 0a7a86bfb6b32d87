package dev.understudy.benchmarks;

import java.util.List;

/** What a crowd may cost at most, on a machine like those that its sizes are documented for. */
final class CrowdLimits {
  static final double CLONE_MEGABYTES = 12;
  static final double DAEMON_MEGABYTES = 300;
  static final double LIST_MILLISECONDS = 100;
  static final double WAKE_MILLISECONDS = 200;
  static final double RESTART_MILLISECONDS = 2_000;

  private CrowdLimits() {}

  /** A line for each that is not kept, with what was measured. */
  static List<String> exceeded(CrowdResult result) {
    Limits limits = new Limits();
    limits.require(
        "memory of a running idle clone", result.cloneMemory() / 1e6, CLONE_MEGABYTES, "MB");
    limits.require("memory of the daemon", result.daemonMemory() / 1e6, DAEMON_MEGABYTES, "MB");
    limits.require(
        "median of SHOW ENVIRONMENTS", Sample.of(result.lists()).median(), LIST_MILLISECONDS, "ms");
    limits.require(
        "99th percentile of wakes on a quiet host",
        Sample.of(result.quietWakes()).p99(),
        WAKE_MILLISECONDS,
        "ms");
    limits.require(
        "99th percentile of wakes beside others that write",
        Sample.of(result.busyWakes()).p99(),
        WAKE_MILLISECONDS,
        "ms");
    limits.require(
        "from the start after a crash to the first login",
        result.restart().login() / 1e6,
        RESTART_MILLISECONDS,
        "ms");
    if (result.restart().adopted() != result.restart().servers()) {
      limits.exceeded(
          "of %d servers that ran at the crash %d run on"
              .formatted(result.restart().servers(), result.restart().adopted()));
    }
    return limits.exceeded();
  }
}
