package dev.understudy.cloner.tree;

import dev.understudy.cloner.host.FileNames;
import dev.understudy.cloner.tree.FileStatus.Kind;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How much a tree holds.
 *
 * @param files regular files
 * @param bytes their apparent size
 */
public record TreeSize(long files, long bytes) {
  /** Data directories are a handful of levels deep; guards the stack against anything else. */
  public static final int DEEPEST = 32;

  /**
   * Measures a tree and makes sure that it is one of directories and regular files only.
   *
   * @throws IOException naming the first link, socket, pipe, device or mount in it
   */
  public static TreeSize measure(Path tree) throws IOException {
    long[] sum = new long[2];
    try (Directory root = Directory.open(tree)) {
      add(root, 0, sum);
    }
    return new TreeSize(sum[0], sum[1]);
  }

  private static void add(Directory directory, int depth, long[] sum) throws IOException {
    try (DirectoryListing names = directory.list()) {
      for (@Nullable String name = names.next(); name != null; name = names.next()) {
        FileStatus status = directory.status(name);
        refuseOthers(directory, name, status, depth);
        if (status.kind() == Kind.REGULAR) {
          sum[0]++;
          sum[1] += status.size();
        } else {
          try (Directory child = directory.directory(name)) {
            add(child, depth + 1, sum);
          }
        }
      }
    }
  }

  /** The rule of what a data directory may consist of. */
  public static void refuseOthers(Directory parent, String name, FileStatus status, int depth)
      throws IOException {
    String what =
        switch (status.kind()) {
          case REGULAR -> null;
          case DIRECTORY ->
              status.mountRoot()
                  ? "a mount point"
                  : depth >= DEEPEST ? "a directory nested too deeply" : null;
          case SYMBOLIC_LINK -> "a symbolic link";
          case OTHER -> "a socket, pipe or device";
        };
    if (what != null) {
      throw new IOException(
          FileNames.display(parent.name() + "/" + name)
              + " is "
              + what
              + ", which has no place in a data directory");
    }
  }
}
