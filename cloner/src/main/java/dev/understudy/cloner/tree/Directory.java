package dev.understudy.cloner.tree;

import static dev.understudy.cloner.host.SystemCall.AT_FDCWD;
import static dev.understudy.cloner.host.SystemCall.AT_REMOVEDIR;
import static dev.understudy.cloner.host.SystemCall.AT_SYMLINK_NOFOLLOW;
import static dev.understudy.cloner.host.SystemCall.O_CLOEXEC;
import static dev.understudy.cloner.host.SystemCall.O_CREAT;
import static dev.understudy.cloner.host.SystemCall.O_DIRECTORY;
import static dev.understudy.cloner.host.SystemCall.O_EXCL;
import static dev.understudy.cloner.host.SystemCall.O_NOFOLLOW;
import static dev.understudy.cloner.host.SystemCall.O_NONBLOCK;
import static dev.understudy.cloner.host.SystemCall.O_PATH;
import static dev.understudy.cloner.host.SystemCall.O_RDONLY;
import static dev.understudy.cloner.host.SystemCall.O_WRONLY;

import dev.understudy.cloner.host.FileNames;
import dev.understudy.cloner.host.SystemCall;
import dev.understudy.cloner.host.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * An open directory. Everything is done to the names in it, and a name that is a symbolic link is
 * never followed. Names are as in {@link FileNames}.
 */
public final class Directory extends FileDescriptor {
  private Directory(int number, String name) {
    super(number, name);
  }

  /** Trusts the way to the directory, but not its last step: that is no link. */
  public static Directory open(Path path) throws SystemCallException {
    String name = FileNames.of(path.toAbsolutePath());
    return new Directory(openAt(AT_FDCWD, name, O_RDONLY | O_DIRECTORY, 0), name);
  }

  public Directory directory(String child) throws SystemCallException {
    return new Directory(openAt(number(), child, O_RDONLY | O_DIRECTORY, 0), below(child));
  }

  /**
   * Opens a file for reading. It may turn out to be of another kind than it was a moment ago, so
   * ask its {@link #status()}; opening never waits, not even for a pipe.
   */
  public RegularFile file(String child) throws SystemCallException {
    return new RegularFile(openAt(number(), child, O_RDONLY | O_NONBLOCK, 0), below(child));
  }

  /** A new file, 0600. */
  public RegularFile createFile(String child) throws SystemCallException {
    return new RegularFile(
        openAt(number(), child, O_WRONLY | O_CREAT | O_EXCL, 0600), below(child));
  }

  /** A new directory, 0700, left to nobody else on the way. */
  public Directory createDirectory(String child) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.MKDIRAT.call(
          below(child), number(), FileNames.cString(arena, child).address(), 0700);
    }
    return directory(child);
  }

  public FileStatus status(String child) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statx = arena.allocate(FileStatus.BYTES, 8);
      SystemCall.STATX.call(
          below(child),
          number(),
          FileNames.cString(arena, child).address(),
          AT_SYMLINK_NOFOLLOW,
          FileStatus.MASK,
          statx.address());
      return FileStatus.read(statx);
    }
  }

  /** Removes anything but a directory. */
  public void unlink(String child) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.UNLINKAT.call(
          below(child), number(), FileNames.cString(arena, child).address(), 0);
    }
  }

  public void removeDirectory(String child) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.UNLINKAT.call(
          below(child), number(), FileNames.cString(arena, child).address(), AT_REMOVEDIR);
    }
  }

  public void rename(String child, Directory target, String name) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.RENAMEAT2.call(
          below(child),
          number(),
          FileNames.cString(arena, child).address(),
          target.number(),
          FileNames.cString(arena, name).address(),
          0);
    }
  }

  /** Works on a directory that its owner may not even open. */
  public void changeMode(String child, int mode) throws SystemCallException {
    int handle = openAt(number(), child, O_PATH, 0);
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.FCHMODAT.call(
          below(child),
          AT_FDCWD,
          FileNames.cString(arena, "/proc/self/fd/" + handle).address(),
          mode);
    } finally {
      SystemCall.close(handle);
    }
  }

  /** The names in it from the start, without {@code .} and {@code ..}; one listing at a time. */
  public DirectoryListing list() throws SystemCallException {
    return new DirectoryListing(directory("."));
  }

  private String below(String child) {
    return name() + "/" + child;
  }

  static int openAt(int directory, String name, int flags, int mode) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      return (int)
          SystemCall.OPENAT.call(
              name,
              directory,
              FileNames.cString(arena, name).address(),
              flags | O_CLOEXEC | O_NOFOLLOW,
              mode,
              0);
    }
  }
}
