package dev.understudy.cloner.environment;

import dev.understudy.cloner.pool.LoopFileSystem;
import dev.understudy.embedded.DirectoryTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the data directory of a stage is made.
 *
 * @param directory others may enter it
 */
record StagePlace(Path directory, Removal removal) {
  private static final int BTRFS_MIB = 4096;

  @FunctionalInterface
  interface Removal {
    void run() throws Exception;
  }

  /** On whatever file system is there, so perhaps with plain copies. */
  static StagePlace plain() throws Exception {
    Path directory = Files.createTempDirectory("und");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new StagePlace(directory, () -> DirectoryTree.delete(directory));
  }

  /** With subvolumes of a loop-mounted btrfs. Needs root. */
  static StagePlace onBtrfs() throws Exception {
    LoopFileSystem fileSystem = LoopFileSystem.mount("btrfs", BTRFS_MIB);
    return new StagePlace(fileSystem.directory(), fileSystem::close);
  }

  void remove() throws Exception {
    removal.run();
  }
}
