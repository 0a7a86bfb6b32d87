package dev.understudy.cloner.pool;

import static dev.understudy.cloner.host.SystemCallException.EEXIST;
import static dev.understudy.cloner.host.SystemCallException.EISDIR;
import static dev.understudy.cloner.host.SystemCallException.ENOENT;

import dev.understudy.cloner.host.FileNames;
import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import dev.understudy.cloner.tree.FileStatus;
import dev.understudy.cloner.tree.FileStatus.Kind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Removes a tree that somebody hostile may have filled: links, pipes and devices are removed and
 * never followed or opened, directories without permissions are opened up, nesting beyond what
 * descriptors allow is flattened on the way. Memory is bounded, whatever the tree holds. Names that
 * vanish meanwhile are fine. A mount inside stops it before anything behind the mount is touched.
 */
final class TreeDeletion {
  private static final int FLATTEN_BELOW = 48;
  private static final int ALL = 0700;

  private long flattened;

  void delete(Directory parent, String name) throws IOException {
    FileStatus status = statusOrNull(parent, name);
    if (status == null) {
      return;
    }
    if (status.kind() == Kind.DIRECTORY) {
      deleteDirectory(parent, name, status, null, 0);
    } else {
      unlink(parent, name);
    }
  }

  /**
   * @param top the highest directory of the same device, to move deep ones to; null: this one
   */
  private void deleteDirectory(
      Directory parent, String name, FileStatus status, @Nullable Directory top, int depth)
      throws IOException {
    if (status.mountRoot()) {
      throw new IOException(
          "something is mounted at " + FileNames.display(parent.name() + "/" + name));
    }
    if ((status.mode() & ALL) != ALL) {
      parent.changeMode(name, ALL);
    }
    if (top != null && depth > FLATTEN_BELOW) {
      moveUp(parent, name, top);
      return;
    }
    try (Directory directory = parent.directory(name)) {
      empty(directory, top == null ? directory : top, status, depth);
    }
    try {
      parent.removeDirectory(name);
    } catch (SystemCallException e) {
      tolerate(e, ENOENT);
    }
  }

  private void empty(Directory directory, Directory top, FileStatus own, int depth)
      throws IOException {
    boolean again = true;
    while (again) {
      again = false;
      try (DirectoryListing names = directory.list()) {
        for (@Nullable String name = names.next(); name != null; name = names.next()) {
          again = true;
          if (!unlink(directory, name)) {
            FileStatus status = statusOrNull(directory, name);
            if (status != null) {
              boolean sameDevice = status.device() == own.device();
              if (!sameDevice && Btrfs.isSubvolume(status)) {
                makeWritable(directory, name);
              }
              deleteDirectory(
                  directory, name, status, sameDevice ? top : null, sameDevice ? depth + 1 : 0);
            }
          }
        }
      }
    }
  }

  /** A subvolume that somebody made inside the tree may be read-only. */
  private static void makeWritable(Directory parent, String name) throws IOException {
    try (Directory subvolume = parent.directory(name)) {
      Btrfs.changeReadOnly(subvolume, false);
    }
  }

  private void moveUp(Directory parent, String name, Directory top) throws IOException {
    while (true) {
      try {
        parent.rename(name, top, ".deep-" + flattened++);
        return;
      } catch (SystemCallException e) {
        // A directory of that name that has nothing in it is replaced; any other is passed over.
        if (e.errno() != EEXIST
            && e.errno() != SystemCallException.ENOTEMPTY
            && e.errno() != SystemCallException.ENOTDIR) {
          throw e;
        }
      }
    }
  }

  /** False if it is a directory. */
  private static boolean unlink(Directory parent, String name) throws IOException {
    try {
      parent.unlink(name);
    } catch (SystemCallException e) {
      if (e.errno() == EISDIR) {
        return false;
      }
      tolerate(e, ENOENT);
    }
    return true;
  }

  private static @Nullable FileStatus statusOrNull(Directory parent, String name)
      throws IOException {
    try {
      return parent.status(name);
    } catch (SystemCallException e) {
      tolerate(e, ENOENT);
      return null;
    }
  }

  private static void tolerate(SystemCallException e, int errno) throws SystemCallException {
    if (e.errno() != errno) {
      throw e;
    }
  }
}
