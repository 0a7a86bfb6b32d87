package dev.understudy.cloner.pool;

import dev.understudy.cloner.host.OffCarrier;
import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.DirectoryListing;
import dev.understudy.cloner.tree.Extents;
import dev.understudy.cloner.tree.FileStatus;
import dev.understudy.cloner.tree.FileStatus.Kind;
import dev.understudy.cloner.tree.Interruption;
import dev.understudy.cloner.tree.RegularFile;
import dev.understudy.cloner.tree.TreeSize;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the blocks of a tree, file by file. The tree may be in use, and belong to somebody
 * hostile: links are not followed, and what is neither a file nor a directory counts nothing. Files
 * that come or go meanwhile are counted or not.
 */
final class TreeUsage {
  /** What one file costs. */
  @FunctionalInterface
  private interface Measure {
    Usage of(RegularFile file, FileStatus status) throws IOException;
  }

  private final Measure measure;

  private TreeUsage(Measure measure) {
    this.measure = measure;
  }

  /** By the maps of the files' blocks: a block is shared if any other file has it too. */
  static Usage byExtents(Path tree) throws IOException {
    return new TreeUsage(
            (file, _) -> {
              Extents.Sum sum = Extents.sum(file);
              return new Usage(sum.exclusive(), sum.shared());
            })
        .of(tree);
  }

  /** Where no two files share a block. */
  static Usage unshared(Path tree) throws IOException {
    return new TreeUsage((_, status) -> new Usage(status.allocated(), 0)).of(tree);
  }

  private Usage of(Path tree) throws IOException {
    Usage[] sum = {new Usage(0, 0)};
    OffCarrier.run(() -> {
      try (Directory root = Directory.open(tree)) {
        sum[0] = of(root, 0);
      }
    });
    return sum[0];
  }

  private Usage of(Directory directory, int depth) throws IOException {
    Usage sum = new Usage(0, 0);
    try (DirectoryListing names = directory.list()) {
      for (@Nullable String name = names.next(); name != null; name = names.next()) {
        Interruption.check();
        try {
          sum = sum.plus(entry(directory, name, depth));
        } catch (SystemCallException e) {
          switch (e.errno()) {
            case SystemCallException.ENOENT, SystemCallException.ELOOP -> {}
            default -> throw e;
          }
        }
      }
    }
    return sum;
  }

  private Usage entry(Directory directory, String name, int depth) throws IOException {
    FileStatus status = directory.status(name);
    if (status.kind() == Kind.DIRECTORY && depth < TreeSize.DEEPEST && !status.mountRoot()) {
      try (Directory child = directory.directory(name)) {
        return of(child, depth + 1);
      }
    }
    if (status.kind() == Kind.REGULAR && status.size() > 0) {
      try (RegularFile file = directory.file(name)) {
        // It may be another one by now.
        FileStatus opened = file.status();
        return opened.kind() == Kind.REGULAR ? measure.of(file, opened) : new Usage(0, 0);
      }
    }
    return new Usage(0, 0);
  }
}
