package dev.understudy.server.doctor;

import dev.understudy.cloner.pool.PoolChoice;
import dev.understudy.cloner.pool.PoolChoice.Trial;
import dev.understudy.cloner.pool.PoolProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How clones would be made in a data directory. Tries it there, and cleans up. */
final class PoolExamination implements Examination {
  private static final int MAX_SOCKET_PATH_BYTES = 107;
  private static final String LONGEST_SOCKET = "run/0123456789ab/.s.PGSQL.5432";
  private static final long MEBIBYTE = 1L << 20;

  private final Path dataDirectory;

  PoolExamination(Path dataDirectory) {
    this.dataDirectory = dataDirectory;
  }

  @Override
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    Path existing = existing();
    if (existing.equals(dataDirectory)) {
      findings.add(Finding.good("data directory", dataDirectory.toString()));
    } else {
      findings.add(
          Finding.good(
              "data directory",
              dataDirectory + " does not exist yet; looking at " + existing + " instead"));
    }
    findings.add(socketPath());
    try {
      findings.addAll(pool(existing));
    } catch (IOException e) {
      findings.add(
          Finding.bad(
              "pool",
              existing
                  + " cannot be written by "
                  + System.getProperty("user.name")
                  + ": "
                  + e.getMessage(),
              "set data-directory to a directory of this user, or make it as root"));
    }
    return findings;
  }

  private List<Finding> pool(Path directory) throws IOException {
    PoolChoice choice = PoolProbe.choose(directory);
    List<Finding> findings = new ArrayList<>();
    for (Trial trial : choice.trials()) {
      String text = trial.name() + ": " + trial.words();
      if (!trial.works()) {
        findings.add(Finding.good("pool", "not " + text));
      } else if (choice.pool().sharesBlocks()) {
        findings.add(Finding.good("pool", text));
      } else {
        findings.add(
            Finding.poor(
                "pool",
                text,
                "as root: understudy pool create --size 100G --data-directory "
                    + dataDirectory
                    + " (btrfs in a sparse image); or mount btrfs, XFS or a ZFS dataset there"));
      }
    }
    findings.add(
        Finding.good("free space", choice.pool().freeBytes() / MEBIBYTE + " MiB in the pool"));
    return findings;
  }

  private Finding socketPath() {
    int length =
        dataDirectory.resolve(LONGEST_SOCKET).toString().getBytes(StandardCharsets.UTF_8).length;
    return length <= MAX_SOCKET_PATH_BYTES
        ? Finding.good(
            "socket paths",
            length + " bytes of the " + MAX_SOCKET_PATH_BYTES + " that Linux allows")
        : Finding.bad(
            "socket paths",
            length + " bytes, and Linux allows " + MAX_SOCKET_PATH_BYTES,
            "choose a data-directory with a shorter path");
  }

  private Path existing() {
    Path path = dataDirectory;
    while (!Files.isDirectory(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }
}
