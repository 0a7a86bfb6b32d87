package dev.understudy.cloner.pool;

import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import dev.understudy.cloner.tree.FileStatus;
import dev.understudy.cloner.tree.FileStatus.Kind;
import dev.understudy.cloner.tree.TreeSize;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Takes the permission to write from everything in a tree, for everybody. */
final class TreeSeal {
  /** What is done to each file that is not empty, before it is sealed. */
  @FunctionalInterface
  interface Last {
    Last NOTHING = (_, _) -> {};

    void to(Directory directory, String name) throws IOException;
  }

  private static final int READABLE = 0555;

  private final Last last;

  TreeSeal(Last last) {
    this.last = last;
  }

  void seal(Directory root) throws IOException {
    seal(root, 0);
  }

  private void seal(Directory directory, int depth) throws IOException {
    try (DirectoryListing names = directory.list()) {
      for (@Nullable String name = names.next(); name != null; name = names.next()) {
        FileStatus status = directory.status(name);
        TreeSize.refuseOthers(directory, name, status, depth);
        if (status.kind() == Kind.REGULAR) {
          if (status.size() > 0) {
            last.to(directory, name);
          }
          directory.changeMode(name, status.mode() & READABLE);
        } else {
          try (Directory child = directory.directory(name)) {
            seal(child, depth + 1);
          }
        }
      }
    }
    directory.changeMode(directory.status().mode() & READABLE);
  }
}
