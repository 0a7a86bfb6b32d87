package dev.understudy.cloner.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Programs of the host for administrators, which are often not on an ordinary PATH. */
public final class Programs {
  private static final List<Path> DIRECTORIES =
      List.of(
          Path.of("/usr/sbin"),
          Path.of("/usr/bin"),
          Path.of("/sbin"),
          Path.of("/bin"),
          Path.of("/usr/local/sbin"),
          Path.of("/run/current-system/sw/bin"));

  private Programs() {}

  /** Its absolute path. */
  public static Optional<Path> find(String name) {
    return DIRECTORIES.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
