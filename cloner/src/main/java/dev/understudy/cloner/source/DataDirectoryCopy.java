package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import dev.understudy.cloner.tree.FileStatus;
import dev.understudy.cloner.tree.FileStatus.Kind;
import dev.understudy.cloner.tree.Interruption;
import dev.understudy.cloner.tree.RegularFile;
import dev.understudy.cloner.tree.TreeSize;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Copies the files of a server that runs, while a base backup is under way. Files that vanish are
 * passed over, files that grow are copied as far as they got: WAL repairs both. No link is followed
 * but those of tablespaces, which become directories of the copy. What is made belongs to this
 * process, 0600 and 0700.
 */
final class DataDirectoryCopy {
  private final boolean shareBlocks;
  private final Tablespaces tablespaces;
  private final CopyListener listener;
  private final long total;
  private long files;
  private long bytes;

  /**
   * @param shareBlocks reflink, and fail where that is not possible
   * @param tablespaces of the source
   * @param total as measured before, for the listener
   */
  DataDirectoryCopy(
      boolean shareBlocks, Tablespaces tablespaces, CopyListener listener, long total) {
    this.shareBlocks = shareBlocks;
    this.tablespaces = requireNonNull(tablespaces, "tablespaces is null");
    this.listener = requireNonNull(listener, "listener is null");
    this.total = total;
  }

  long files() {
    return files;
  }

  /** Bytes read, or, of files that share blocks, their size. */
  long bytes() {
    return bytes;
  }

  /** Everything but {@code pg_control} and WAL. The target exists and is empty. */
  void copy(Directory source, Directory target) throws IOException {
    for (String name : DataDirectoryContents.emptyDirectories()) {
      target.createDirectory(name).close();
    }
    for (String name : DataDirectoryContents.copiedDirectories()) {
      FileStatus status = source.status(name);
      TreeSize.refuseOthers(source, name, status, 0);
      try (Directory from = source.directory(name);
          Directory to = target.createDirectory(name)) {
        copyDirectory(from, to, name, 1);
      }
    }
    try (Directory to = target.directory(Tablespaces.DIRECTORY)) {
      for (String oid : tablespaces.oids()) {
        copyTablespace(oid, to);
      }
    }
    copyFile(source, target, "PG_VERSION");
  }

  private void copyTablespace(String oid, Directory target) throws IOException {
    try (Directory from = tablespaces.open(oid)) {
      if (from != null) {
        try (Directory location = target.createDirectory(oid);
            Directory to = location.createDirectory(tablespaces.version())) {
          copyDirectory(from, to, Tablespaces.DIRECTORY + "/" + oid, 3);
        }
      }
    }
  }

  /** One file, without sharing blocks. */
  void copyBytes(Directory source, Directory target, String name) throws IOException {
    try (RegularFile from = source.file(name);
        RegularFile to = target.createFile(name)) {
      requireRegular(from);
      count(to.copyBytesOf(from));
    }
  }

  private void copyDirectory(Directory source, Directory target, String path, int depth)
      throws IOException {
    try (DirectoryListing names = source.list()) {
      for (@Nullable String name = names.next(); name != null; name = names.next()) {
        Interruption.check();
        if (!DataDirectoryContents.isWanted(path, name)) {
          continue;
        }
        FileStatus status = statusOrNull(source, name);
        if (status == null) {
          continue;
        }
        TreeSize.refuseOthers(source, name, status, depth);
        if (status.kind() == Kind.DIRECTORY) {
          if (!tablespaces.isOne(status)) {
            copyChild(source, target, path, name, depth);
          }
        } else if (!isUnlogged(source, name)) {
          copyFile(source, target, name);
        }
      }
    }
  }

  private void copyChild(Directory source, Directory target, String path, String name, int depth)
      throws IOException {
    try (Directory from = source.directory(name)) {
      try (Directory to = target.createDirectory(name)) {
        copyDirectory(from, to, path + "/" + name, depth + 1);
      }
    } catch (SystemCallException e) {
      // DROP DATABASE; what was made of it is what a crash in its midst would leave.
      tolerateVanished(e);
    }
  }

  /** Recovery makes an unlogged relation empty, from its init fork; the rest would go at once. */
  private static boolean isUnlogged(Directory source, String name) throws IOException {
    String initFork = DataDirectoryContents.initFork(name);
    return initFork != null && statusOrNull(source, initFork) != null;
  }

  private void copyFile(Directory source, Directory target, String name) throws IOException {
    try (RegularFile from = source.file(name)) {
      FileStatus status = requireRegular(from);
      try (RegularFile to = target.createFile(name)) {
        if (shareBlocks) {
          if (status.size() > 0) {
            to.shareBlocksOf(from);
          }
          count(status.size());
        } else {
          count(to.copyBytesOf(from));
        }
      }
    } catch (SystemCallException e) {
      tolerateVanished(e);
    }
  }

  private void count(long size) {
    files++;
    bytes += size;
    listener.copied(files, bytes, total);
  }

  private static FileStatus requireRegular(RegularFile file) throws IOException {
    FileStatus status = file.status();
    if (status.kind() != Kind.REGULAR) {
      throw new IOException(file.name() + " is not a regular file");
    }
    return status;
  }

  private static @Nullable FileStatus statusOrNull(Directory directory, String name)
      throws IOException {
    try {
      return directory.status(name);
    } catch (SystemCallException e) {
      tolerateVanished(e);
      return null;
    }
  }

  private static void tolerateVanished(SystemCallException e) throws SystemCallException {
    if (e.errno() != SystemCallException.ENOENT) {
      throw e;
    }
  }
}
