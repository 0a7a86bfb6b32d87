package dev.understudy.server.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much may be written that is not on disk yet. Throw-away clones never wait for the disk; the
 * copy of a snapshot does, behind what they all have written.
 */
final class DirtyPagesExamination implements Examination {
  private static final String SUBJECT = "dirty pages";
  private static final long WANTED_MEBIBYTES = 512;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable: +([0-9]+) kB$");

  private final Path proc;
  private final KernelSettings kernel;

  DirtyPagesExamination(Path proc) {
    this.proc = proc;
    this.kernel = new KernelSettings(proc);
  }

  @Override
  public List<Finding> examine() throws IOException {
    String bytes = kernel.get("vm/dirty_bytes");
    String ratio = kernel.get("vm/dirty_ratio");
    if (!NUMBER.matcher(bytes).matches() || !NUMBER.matcher(ratio).matches()) {
      return List.of(); // not for us to see
    }
    long limit =
        bytes.equals("0")
            ? availableKibibytes() / 1024 * Long.parseLong(ratio) / 100
            : Long.parseLong(bytes) >> 20;
    String text = "%d MiB may wait to be written".formatted(limit);
    return List.of(
        limit <= WANTED_MEBIBYTES
            ? Finding.good(SUBJECT, text)
            : Finding.poor(
                SUBJECT,
                text + ", and a first connect behind them",
                "sysctl vm.dirty_background_bytes=67108864 vm.dirty_bytes=268435456, or"
                    + " deploy/90-understudy.conf in /etc/sysctl.d"));
  }

  private long availableKibibytes() throws IOException {
    Matcher available = AVAILABLE.matcher(Files.readString(proc.resolve("meminfo")));
    if (!available.find()) {
      throw new IOException(proc.resolve("meminfo") + " has no MemAvailable");
    }
    return Long.parseLong(available.group(1));
  }
}
