package dev.understudy.cloner.host;

import java.io.IOException;
import java.nio.file.Path;

/** Brings what was written to a file system to disk. */
public final class FileSystemSync {
  private FileSystemSync() {}

  /** Returns when everything that was written to the file system of this path is on disk. */
  public static void sync(Path path) throws IOException {
    int fd = Libc.open(path.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK);
    try {
      Libc.syncfs(fd);
    } finally {
      Libc.close(fd);
    }
  }
}
