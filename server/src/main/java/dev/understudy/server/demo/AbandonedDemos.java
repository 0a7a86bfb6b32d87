package dev.understudy.server.demo;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.PidFd;
import dev.understudy.cloner.host.ProcessStat;
import dev.understudy.cloner.host.Signal;
import dev.understudy.cloner.sandbox.ProcessScan;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What demos that were killed have left: servers that still run, a mounted image, files. */
final class AbandonedDemos {
  private static final Logger log = LoggerFactory.getLogger(AbandonedDemos.class);
  private static final Path PROC = Path.of("/proc");

  private AbandonedDemos() {}

  /** Ends and removes all of it that is this user's; what cannot be removed is logged. */
  static void remove(Path parent) throws IOException, InterruptedException {
    Path real = parent.toRealPath();
    forEach(real, Scratch.PREFIX, directory -> remove(Scratch.abandoned(directory)));
    forEach(real, Scratch.UNNAMED, Scratch::removeUnnamed);
  }

  private interface Removal {
    void of(Path directory) throws IOException, InterruptedException;
  }

  private static void forEach(Path parent, String prefix, Removal removal)
      throws IOException, InterruptedException {
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, prefix + "*")) {
      for (Path directory : directories) {
        try {
          removal.of(directory);
        } catch (NoSuchFileException e) {
          log.debug("{} of another demo goes by itself", directory);
        } catch (IOException e) {
          log.warn("{} of a demo that was killed is left: {}", directory, e.toString());
        }
      }
    }
  }

  private static void remove(Optional<Scratch> abandoned) throws IOException, InterruptedException {
    if (abandoned.isPresent()) {
      try (Scratch taken = abandoned.get()) {
        endServers(taken);
      }
    }
  }

  private static void endServers(Scratch scratch) throws IOException, InterruptedException {
    new ProcessScan(Accounts.current())
        .killBelow(List.of(scratch.dataDirectory()))
        .forEach(PidFd::close);
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        end(process, scratch.directory());
      }
    }
  }

  /** Production, which works in its data directory; and clones that are not isolated. */
  private static void end(Path process, Path directory) {
    try {
      Optional<ProcessStat> stat = ProcessStat.of(Long.parseLong(process.getFileName().toString()));
      if (stat.isPresent()
          && Files.readSymbolicLink(process.resolve("cwd")).startsWith(directory)
          && Files.readSymbolicLink(process.resolve("exe")).getFileName().startsWith("postgres")) {
        try (PidFd handle = PidFd.open(stat.get().identity()).orElse(null)) {
          if (handle != null) {
            handle.send(Signal.KILL);
          }
        }
      }
    } catch (IOException e) {
      // It has ended meanwhile, or is somebody else's.
    }
  }
}
