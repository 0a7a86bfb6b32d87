package dev.understudy.cloner.pool;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import dev.understudy.cloner.tree.FileStatus.Kind;
import dev.understudy.cloner.tree.RegularFile;
import dev.understudy.cloner.tree.TreeSize;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Brings what was written to a tree to the disk, file by file, while others go on writing to the
 * same file system. For file systems on which that costs next to nothing where a file was not
 * written to.
 */
final class TreeSync {
  /** Something is too deep, or its owner has taken the right to open it from himself. */
  private boolean incomplete;

  void sync(Directory root) throws IOException {
    syncBelow(root, 0);
    if (incomplete) {
      root.syncFileSystem();
    }
  }

  private void syncBelow(Directory directory, int depth) throws IOException {
    try (DirectoryListing names = directory.list()) {
      for (@Nullable String name = names.next(); name != null; name = names.next()) {
        try {
          syncOne(directory, name, depth);
        } catch (SystemCallException e) {
          switch (e.errno()) {
            case SystemCallException.ENOENT -> {} // a server that runs has removed it
            case SystemCallException.EACCES -> incomplete = true;
            default -> throw e;
          }
        }
      }
    }
    directory.sync();
  }

  private void syncOne(Directory parent, String name, int depth) throws IOException {
    Kind kind = parent.status(name).kind();
    if (kind == Kind.DIRECTORY && depth >= TreeSize.DEEPEST) {
      incomplete = true;
    } else if (kind == Kind.DIRECTORY) {
      try (Directory child = parent.directory(name)) {
        syncBelow(child, depth + 1);
      }
    } else if (kind == Kind.REGULAR) {
      try (RegularFile file = parent.file(name)) {
        file.sync();
      }
    }
  }
}
