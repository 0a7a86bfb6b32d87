package dev.understudy.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Data directories as initdb makes them. A process that makes many gets copies, from the second of
 * an installation on, which cost a tenth; the system identifier of these is one and the same.
 * Thread-safe.
 */
final class InitialClusters {
  /** initdb wants its user to have a name, so it runs as one that exists everywhere. */
  private static final int NOBODY = 65_534;

  /** How many were made, and what further ones are copied from, by installation. */
  private static final Map<Path, Integer> MADE = new HashMap<>();

  private static final Map<Path, Path> TEMPLATES = new HashMap<>();

  private InitialClusters() {}

  /**
   * Fills an empty directory.
   *
   * @param home of the installation
   */
  static void make(Path home, Path data) throws IOException, InterruptedException {
    if (isFirst(home)) {
      makeApart(home, data);
      return;
    }
    Path template = template(home);
    Command.run(List.of("cp", "-a", "--reflink=auto", template + "/.", data.toString()));
  }

  /** With a system identifier of its own. */
  static void makeApart(Path home, Path data) throws IOException, InterruptedException {
    Command.own(data, NOBODY);
    Command.run(
        Command.as(
            NOBODY,
            List.of(
                home.resolve("bin/initdb").toString(),
                "-D",
                data.toString(),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-locale",
                "-k",
                "-N")));
  }

  private static synchronized boolean isFirst(Path home) {
    return MADE.merge(home, 1, Integer::sum) == 1;
  }

  private static synchronized Path template(Path home) throws IOException, InterruptedException {
    Path known = TEMPLATES.get(home);
    if (known != null) {
      return known;
    }
    Path directory = Files.createTempDirectory("understudy-initdb");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    Path data =
        Files.createDirectory(
            directory.resolve("data"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    makeApart(home, data);
    TEMPLATES.put(home, data);
    return data;
  }

  private static void remove(Path directory) {
    try {
      DirectoryTree.delete(directory);
    } catch (IOException e) {
      System.err.println("left behind: " + directory);
    }
  }
}
