package dev.understudy.server.demo;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolProbe;
import dev.understudy.embedded.DirectoryTree;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The one directory that everything of a demo lies in. Nobody else may enter it: production trusts
 * whoever reaches its socket. Where root starts the demo, production is another user and has to get
 * in; there it is that user alone whom its superuser could become.
 */
final class Scratch implements AutoCloseable {
  /** Six digits of base 36. */
  private static final long MOST = 36L * 36 * 36 * 36 * 36 * 36;

  private final Path directory;

  private Scratch(Path directory) {
    this.directory = directory;
  }

  /**
   * Makes a new directory.
   *
   * @param parent exists and can be written
   */
  static Scratch create(Path parent) throws IOException {
    // Not by createTempDirectory: its names are long, and sockets lie below.
    String name =
        "understudy-demo-" + Long.toString(ThreadLocalRandom.current().nextLong(MOST), 36);
    Path directory =
        Files.createDirectory(
            requireNonNull(parent, "parent is null").toRealPath().resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (Accounts.isRoot()) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return new Scratch(directory);
  }

  Path directory() {
    return directory;
  }

  Path production() {
    return directory.resolve("production");
  }

  Path dataDirectory() {
    return directory.resolve("data");
  }

  /** Removes all of it; to be called when nothing runs on it any more. */
  @Override
  public void close() throws IOException {
    if (Files.isDirectory(dataDirectory())) {
      // Sealed trees and subvolumes do not go away like other directories.
      Pool pool = PoolProbe.choose(dataDirectory()).pool();
      for (String kind : List.of("clones", "snapshots")) {
        deleteTrees(pool, dataDirectory().resolve(kind));
      }
    }
    DirectoryTree.delete(directory);
  }

  private static void deleteTrees(Pool pool, Path kind) throws IOException {
    if (!Files.isDirectory(kind)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(kind)) {
      for (Path entry : entries) {
        pool.delete(entry.resolve("data"));
      }
    }
  }
}
