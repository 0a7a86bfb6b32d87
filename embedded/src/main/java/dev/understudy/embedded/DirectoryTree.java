package dev.understudy.embedded;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Whole directories, never following links. */
public final class DirectoryTree {
  private DirectoryTree() {}

  /**
   * Removes a directory and all in it, also what its owner may not write to, as sealed data;
   * nothing happens where there is none.
   */
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new Everything() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes)
              throws IOException {
            if (!Files.isWritable(each)) {
              Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwx------"));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          void visit(Path path) throws IOException {
            Files.deleteIfExists(path);
          }
        });
  }

  /** Gives a directory and all in it to a user and group of the same number. Needs root. */
  static void give(Path directory, int uid) throws IOException {
    Files.walkFileTree(
        directory,
        new Everything() {
          @Override
          void visit(Path path) throws IOException {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
          }
        });
  }

  private abstract static class Everything extends SimpleFileVisitor<Path> {
    abstract void visit(Path path) throws IOException;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      visit(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      visit(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
