package dev.understudy.cloner.tree;

import dev.understudy.cloner.host.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * How much XFS sets aside at once for a write to a shared block. Its default, 128 KiB, makes
 * scattered writes of single pages occupy many times what they change, until the kernel takes the
 * rest back minutes later. A file that is cloned as a whole hands its hint on.
 */
public final class CopyOnWriteHint {
  private static final long FSGETXATTR = 0x801C581FL;
  private static final long FSSETXATTR = 0x401C5820L;

  /** {@code struct fsxattr}. */
  private static final int BYTES = 28;

  private static final int FLAGS = 0;
  private static final int SIZE = 16;
  private static final int HAS_SIZE = 0x00010000;

  private CopyOnWriteHint() {}

  /** In bytes; 0 for the file system's default. */
  public static int read(RegularFile file) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = attributes(arena, file);
      return (attributes.get(ValueLayout.JAVA_INT, FLAGS) & HAS_SIZE) == 0
          ? 0
          : attributes.get(ValueLayout.JAVA_INT, SIZE);
    }
  }

  /**
   * Works on a file that is open for reading, too; it takes its owner, or root.
   *
   * @param bytes a multiple of the file system's block
   * @throws SystemCallException on file systems that have no such thing
   */
  public static void write(RegularFile file, int bytes) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = attributes(arena, file);
      attributes.set(
          ValueLayout.JAVA_INT, FLAGS, attributes.get(ValueLayout.JAVA_INT, FLAGS) | HAS_SIZE);
      attributes.set(ValueLayout.JAVA_INT, SIZE, bytes);
      file.control("set the copy-on-write hint of", FSSETXATTR, attributes);
    }
  }

  private static MemorySegment attributes(Arena arena, RegularFile file)
      throws SystemCallException {
    MemorySegment attributes = arena.allocate(BYTES, 8);
    file.control("read the attributes of", FSGETXATTR, attributes);
    return attributes;
  }
}
