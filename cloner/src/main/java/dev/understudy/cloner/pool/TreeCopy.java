package dev.understudy.cloner.pool;

import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import dev.understudy.cloner.tree.FileStatus;
import dev.understudy.cloner.tree.FileStatus.Kind;
import dev.understudy.cloner.tree.Interruption;
import dev.understudy.cloner.tree.RegularFile;
import dev.understudy.cloner.tree.TreeSize;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Makes one tree like another: names, content, owners, modes (writable for the owner), times. */
final class TreeCopy {
  /** How the content of one file gets into another. */
  @FunctionalInterface
  interface Content {
    void copy(RegularFile source, RegularFile emptyTarget) throws IOException;
  }

  private static final int FILE_WRITABLE = 0600;
  private static final int DIRECTORY_WRITABLE = 0700;
  private static final int PERMISSIONS = 0777;

  private final Content content;

  TreeCopy(Content content) {
    this.content = content;
  }

  /** Both exist, and the target is empty. */
  void copy(Directory source, Directory target) throws IOException {
    copy(source, target, 0);
  }

  private void copy(Directory source, Directory target, int depth) throws IOException {
    try (DirectoryListing names = source.list()) {
      for (@Nullable String name = names.next(); name != null; name = names.next()) {
        Interruption.check();
        FileStatus status = source.status(name);
        TreeSize.refuseOthers(source, name, status, depth);
        if (status.kind() == Kind.REGULAR) {
          copyFile(source, target, name, status);
        } else {
          try (Directory from = source.directory(name);
              Directory to = target.createDirectory(name)) {
            copy(from, to, depth + 1);
          }
        }
      }
    }
    FileStatus own = source.status();
    target.changeOwner(own.uid(), own.gid());
    target.changeMode((own.mode() & PERMISSIONS) | DIRECTORY_WRITABLE);
    target.changeModified(own);
  }

  private void copyFile(Directory source, Directory target, String name, FileStatus status)
      throws IOException {
    try (RegularFile to = target.createFile(name)) {
      if (status.size() > 0) {
        try (RegularFile from = source.file(name)) {
          content.copy(from, to);
        }
      }
      to.changeOwner(status.uid(), status.gid());
      to.changeMode((status.mode() & PERMISSIONS) | FILE_WRITABLE);
      to.changeModified(status);
    }
  }
}
