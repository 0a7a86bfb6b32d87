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
  private final Tablespaces tablespaces;

  private DataDirectorySize(Tablespaces tablespaces) {
    this.tablespaces = tablespaces;
  }

  static long measure(Directory source, Tablespaces tablespaces) throws IOException {
    DataDirectorySize size = new DataDirectorySize(tablespaces);
    long bytes = 0;
    for (String name : DataDirectoryContents.copiedDirectories()) {
      bytes += size.measure(source, name, 0);
    }
    for (String oid : tablespaces.oids()) {
      try (Directory tablespace = tablespaces.open(oid)) {
        bytes += tablespace == null ? 0 : size.measureChildren(tablespace, 3);
      }
    }
    return bytes;
  }

  private long measure(Directory parent, String name, int depth) throws IOException {
    try {
      FileStatus status = parent.status(name);
      TreeSize.refuseOthers(parent, name, status, depth);
      if (status.kind() == Kind.REGULAR) {
        return status.size();
      }
      if (tablespaces.isOne(status)) {
        return 0;
      }
      try (Directory directory = parent.directory(name)) {
        return measureChildren(directory, depth + 1);
      }
    } catch (SystemCallException e) {
      if (e.errno() != SystemCallException.ENOENT) {
        throw e;
      }
      return 0;
    }
  }

  private long measureChildren(Directory directory, int depth) throws IOException {
    long bytes = 0;
    try (DirectoryListing names = directory.list()) {
      for (@Nullable String child = names.next(); child != null; child = names.next()) {
        bytes += measure(directory, child, depth);
      }
    }
    return bytes;
  }
}
