package dev.understudy.cloner.tree;

import static dev.understudy.cloner.host.SystemCall.AT_EMPTY_PATH;

import dev.understudy.cloner.host.FileNames;
import dev.understudy.cloner.host.SystemCall;
import dev.understudy.cloner.host.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An open file or directory. One thread at a time. */
public abstract sealed class FileDescriptor implements AutoCloseable
    permits Directory, RegularFile {
  private final int number;
  private final String name;
  private boolean closed;

  FileDescriptor(int number, String name) {
    this.number = number;
    this.name = name;
  }

  /** For system calls that take another descriptor as an argument. */
  public final int number() {
    return number;
  }

  /** As it was opened; for messages. */
  public final String name() {
    return name;
  }

  public final FileStatus status() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment statx = arena.allocate(FileStatus.BYTES, 8);
      SystemCall.STATX.call(
          name,
          number,
          FileNames.cString(arena, "").address(),
          AT_EMPTY_PATH,
          FileStatus.MASK,
          statx.address());
      return FileStatus.read(statx);
    }
  }

  public final void changeMode(int mode) throws SystemCallException {
    SystemCall.FCHMOD.call(name, number, mode, 0);
  }

  public final void changeOwner(int uid, int gid) throws SystemCallException {
    SystemCall.FCHOWN.call(name, number, uid, gid);
  }

  public final void changeModified(FileStatus as) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment times = arena.allocate(32, 8);
      times.set(ValueLayout.JAVA_LONG, 0, as.modifiedSeconds());
      times.set(ValueLayout.JAVA_LONG, 8, as.modifiedNanos());
      times.set(ValueLayout.JAVA_LONG, 16, as.modifiedSeconds());
      times.set(ValueLayout.JAVA_LONG, 24, as.modifiedNanos());
      SystemCall.UTIMENSAT.call(name, number, 0, times.address(), 0, 0);
    }
  }

  /** What is in it, and its names if it is a directory, is on disk when this returns. */
  public final void sync() throws SystemCallException {
    SystemCall.FSYNC.call(name, number, 0, 0);
  }

  /** Everything of its file system is on disk when this returns. */
  public final void syncFileSystem() throws SystemCallException {
    SystemCall.SYNCFS.call(name, number, 0, 0);
  }

  /**
   * An {@code ioctl(2)} with a pointer.
   *
   * @param what for the message
   */
  public final long control(String what, long request, MemorySegment argument)
      throws SystemCallException {
    return SystemCall.IOCTL.call(what + " " + name, number, request, argument.address());
  }

  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      SystemCall.close(number);
    }
  }
}
