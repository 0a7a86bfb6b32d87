package dev.understudy.cloner.tree;

import dev.understudy.cloner.host.OffCarrier;
import java.io.IOException;
import java.nio.file.Path;

/** Brings what was written to a file system to disk. */
public final class FileSystemSync {
  private FileSystemSync() {}

  /** Returns when everything that was written to the file system of a directory is on disk. */
  public static void sync(Path path) throws IOException {
    OffCarrier.run(() -> {
      try (Directory directory = Directory.open(path.toRealPath())) {
        directory.syncFileSystem();
      }
    });
  }
}
