package dev.understudy.cloner.sandbox;

import dev.understudy.cloner.host.Account;
import dev.understudy.cloner.host.Mount;
import dev.understudy.cloner.host.PidFd;
import dev.understudy.cloner.host.ProcessStat;
import dev.understudy.cloner.host.Signal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the processes that run on data of ours whoever started them: in a sandbox by what is
 * mounted there, which they cannot forge; without one by the executable and the working directory.
 */
public final class ProcessScan {
  private static final Path PROC = Path.of("/proc");
  private static final Path DATA = Path.of("/data");
  private static final Set<String> EXECUTABLES = Set.of("postgres", "pg_basebackup");

  private final Account account;

  public ProcessScan(Account account) {
    this.account = account;
  }

  /** Sends SIGKILL to all of them; the handles tell when they have ended. */
  public List<PidFd> killBelow(Collection<Path> directories) throws IOException {
    List<Target> targets = targets(directories);
    if (targets.isEmpty()) {
      return List.of();
    }
    Path ourNamespace = Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    List<PidFd> killed = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        kill(process, targets, ourNamespace).ifPresent(killed::add);
      }
    }
    return killed;
  }

  private Optional<PidFd> kill(Path process, List<Target> targets, Path ourNamespace) {
    try {
      Optional<ProcessStat> stat = ProcessStat.of(Long.parseLong(process.getFileName().toString()));
      if (stat.isEmpty() || stat.get().isZombie()) {
        return Optional.empty();
      }
      boolean outside = Files.readSymbolicLink(process.resolve("ns/pid")).equals(ourNamespace);
      boolean ours = outside ? worksBelow(process, targets) : isOn(process, targets);
      if (!ours) {
        return Optional.empty();
      }
      // The handle is for the process that was looked at: its start time came first.
      Optional<PidFd> handle = PidFd.open(stat.get().identity());
      if (handle.isPresent()) {
        handle.get().send(Signal.KILL);
      }
      return handle;
    } catch (IOException e) {
      // It has ended meanwhile, or is somebody else's, whom we may not look at.
      return Optional.empty();
    }
  }

  /**
   * A directory of ours.
   *
   * @param below the file systems that are mounted below: a tree may be one of its own
   */
  private record Target(Mount itself, List<Mount> below) {
    boolean holds(Mount mount) {
      return (isWithin(mount, itself) && !mount.root().equals(Path.of("/")))
          || below.stream().anyMatch(one -> isWithin(mount, one));
    }
  }

  private static List<Target> targets(Collection<Path> directories) throws IOException {
    List<Mount> mounts = Mount.of("self");
    List<Target> targets = new ArrayList<>();
    for (Path directory : directories) {
      if (Files.isDirectory(directory)) {
        Mount itself = Mount.locate(directory, mounts);
        targets.add(
            new Target(
                itself,
                mounts.stream()
                    .filter(mount ->
                        mount.point().startsWith(itself.point())
                            && !mount.point().equals(itself.point()))
                    .toList()));
      }
    }
    return targets;
  }

  private static boolean isOn(Path process, List<Target> targets) throws IOException {
    return Mount.of(process.getFileName().toString()).stream()
        .filter(mount -> mount.point().equals(DATA))
        .anyMatch(mount -> targets.stream().anyMatch(target -> target.holds(mount)));
  }

  private static boolean isWithin(Mount mount, Mount target) {
    return mount.device().equals(target.device()) && mount.root().startsWith(target.root());
  }

  private boolean worksBelow(Path process, List<Target> targets) throws IOException {
    Path work = Files.readSymbolicLink(process.resolve("cwd"));
    return targets.stream().anyMatch(target -> work.startsWith(target.itself().point()))
        && Files.getAttribute(process, "unix:uid").equals(account.uid())
        && EXECUTABLES.contains(name(Files.readSymbolicLink(process.resolve("exe"))));
  }

  private static String name(Path executable) {
    return String.valueOf(executable.getFileName());
  }
}
