package dev.understudy.cloner.source;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import dev.understudy.cloner.tree.FileStatus;
import dev.understudy.cloner.tree.FileStatus.Kind;
import dev.understudy.cloner.tree.TreeSize;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Adds up what a copy of a running server's files will read, roughly: it goes on working. */
final class DataDirectorySize {
  private DataDirectorySize() {}

  static long measure(Directory source) throws IOException {
    long bytes = 0;
    for (String name : DataDirectoryContents.copiedDirectories()) {
      bytes += measure(source, name, 0);
    }
    return bytes;
  }

  private static long measure(Directory parent, String name, int depth) throws IOException {
    try {
      FileStatus status = parent.status(name);
      TreeSize.refuseOthers(parent, name, status, depth);
      return status.kind() == Kind.REGULAR
          ? status.size()
          : measureChildren(parent, name, depth + 1);
    } catch (SystemCallException e) {
      if (e.errno() != SystemCallException.ENOENT) {
        throw e;
      }
      return 0;
    }
  }

  private static long measureChildren(Directory parent, String name, int depth) throws IOException {
    long bytes = 0;
    try (Directory directory = parent.directory(name);
        DirectoryListing names = directory.list()) {
      for (@Nullable String child = names.next(); child != null; child = names.next()) {
        bytes += measure(directory, child, depth);
      }
    }
    return bytes;
  }
}
