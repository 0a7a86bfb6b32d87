package dev.understudy.server.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Limits of the kernel and of this process's login. */
final class LimitsExamination implements Examination {
  private static final long WANTED_FILES = 8_192;
  private static final long WANTED_PROCESSES = 4_096;
  private static final long MEBIBYTE = 1L << 20;

  private final Path proc;
  private final Path sharedMemory;
  private final KernelSettings kernel;

  LimitsExamination(Path proc, Path sharedMemory) {
    this.proc = proc;
    this.sharedMemory = sharedMemory;
    this.kernel = new KernelSettings(proc);
  }

  @Override
  public List<Finding> examine() throws IOException {
    List<Finding> findings = new ArrayList<>();
    String limits = Files.readString(proc.resolve("self/limits"));
    findings.add(
        atLeast(
            "open files",
            limit(limits, "Max open files"),
            WANTED_FILES,
            "each session takes two; raise it with ulimit -n, or LimitNOFILE= of systemd"));
    findings.add(
        atLeast(
            "processes",
            limit(limits, "Max processes"),
            WANTED_PROCESSES,
            "each running clone has about eight; raise it with ulimit -u, or TasksMax= of"
                + " systemd"));
    findings.add(
        Finding.good(
            "namespaces",
            "user.max_user_namespaces = "
                + kernel.get("user/max_user_namespaces")
                + ", kernel.unprivileged_userns_clone = "
                + kernel.get("kernel/unprivileged_userns_clone")
                + ", kernel.apparmor_restrict_unprivileged_userns = "
                + kernel.get("kernel/apparmor_restrict_unprivileged_userns")));
    findings.add(sharedMemory());
    return findings;
  }

  private Finding sharedMemory() throws IOException {
    if (!Files.isDirectory(sharedMemory)) {
      return Finding.poor("shared memory", sharedMemory + " does not exist", "mount a tmpfs there");
    }
    long free = Files.getFileStore(sharedMemory).getUsableSpace() / MEBIBYTE;
    return Finding.good("shared memory", free + " MiB free in " + sharedMemory);
  }

  private static Finding atLeast(String subject, long value, long wanted, String advice) {
    String text = value == Long.MAX_VALUE ? "unlimited" : Long.toString(value);
    return value >= wanted
        ? Finding.good(subject, text)
        : Finding.poor(subject, text + ", a busy daemon wants " + wanted, advice);
  }

  /** The soft limit; the kernel's table has it in the first column after the name. */
  static long limit(String limits, String name) throws IOException {
    Matcher row =
        Pattern.compile("(?m)^" + Pattern.quote(name) + " +(\\d+|unlimited) ").matcher(limits);
    if (!row.find()) {
      throw new IOException("/proc/self/limits has no row '" + name + "'");
    }
    return row.group(1).equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(row.group(1));
  }
}
