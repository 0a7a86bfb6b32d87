package dev.understudy.cloner.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What of the host's system a server needs to run at all: programs and libraries, no state. */
final class SystemFiles {
  /** Where a host has these at all, it needs them. */
  private static final List<String> MAYBE =
      List.of(
          "/bin",
          "/sbin",
          "/lib",
          "/lib32",
          "/lib64",
          "/nix/store",
          // Homebrew's, without what its servers keep in its "var".
          "/home/linuxbrew/.linuxbrew/Cellar",
          "/home/linuxbrew/.linuxbrew/opt",
          "/home/linuxbrew/.linuxbrew/lib",
          "/home/linuxbrew/.linuxbrew/share",
          "/etc/ld.so.cache",
          // Debian links a few libraries through it.
          "/etc/alternatives",
          // Debian's text search dictionaries are links to here.
          "/var/cache/postgresql/dicts");

  /** Something of the host, to be shown at the same path. */
  sealed interface Entry {
    Path path();

    /** Read-only, a directory with everything below or a file. */
    record Shown(Path path, boolean directory) implements Entry {}

    record Link(Path path, Path target) implements Entry {}
  }

  private SystemFiles() {}

  static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    entries.add(new Entry.Shown(Path.of("/usr"), true));
    for (String name : MAYBE) {
      Path path = Path.of(name);
      if (Files.isSymbolicLink(path)) {
        entries.add(new Entry.Link(path, target(path)));
      } else if (Files.exists(path)) {
        entries.add(new Entry.Shown(path, Files.isDirectory(path)));
      }
    }
    return entries;
  }

  /** Whether a sandbox shows this directory, at its own path. */
  static boolean shows(Path directory) {
    return entries().stream()
        .anyMatch(entry -> entry instanceof Entry.Shown && directory.startsWith(entry.path()));
  }

  private static Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
