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
import java.util.List;
import java.util.Optional;

/**
 * Finds the processes that run on data of ours whoever started them: in a sandbox by what is
 * mounted there, which they cannot forge; without one by the executable and the working directory.
 */
public final class ProcessScan {
  private static final Path PROC = Path.of("/proc");
  private static final Path DATA = Path.of("/data");

  private final Account account;

  public ProcessScan(Account account) {
    this.account = account;
  }

  /** Sends SIGKILL to all of them; the handles tell when they have ended. */
  public List<PidFd> killBelow(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    Mount target = Mount.locate(directory);
    Path ourNamespace = Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    List<PidFd> killed = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        kill(process, target, ourNamespace).ifPresent(killed::add);
      }
    }
    return killed;
  }

  private Optional<PidFd> kill(Path process, Mount target, Path ourNamespace) {
    try {
      Optional<ProcessStat> stat = ProcessStat.of(Long.parseLong(process.getFileName().toString()));
      if (stat.isEmpty() || stat.get().isZombie()) {
        return Optional.empty();
      }
      boolean outside = Files.readSymbolicLink(process.resolve("ns/pid")).equals(ourNamespace);
      boolean ours = outside ? worksBelow(process, target.point()) : isOn(process, target);
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

  private static boolean isOn(Path process, Mount target) throws IOException {
    return Mount.of(process.getFileName().toString()).stream()
        .anyMatch(mount ->
            mount.point().equals(DATA)
                && mount.device().equals(target.device())
                && mount.root().startsWith(target.root())
                && !mount.root().equals(Path.of("/")));
  }

  private boolean worksBelow(Path process, Path directory) throws IOException {
    return Files.readSymbolicLink(process.resolve("cwd")).startsWith(directory)
        && Files.getAttribute(process, "unix:uid").equals(account.uid())
        && Files.readSymbolicLink(process.resolve("exe")).endsWith("postgres");
  }
}
