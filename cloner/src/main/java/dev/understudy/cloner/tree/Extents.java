package dev.understudy.cloner.tree;

import dev.understudy.cloner.host.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The map of a file's blocks ({@code FIEMAP}). What is not on disk yet is written first. */
public final class Extents {
  private static final long FIEMAP = 0xC020660BL;
  private static final int SYNC_FIRST = 1;
  private static final int LAST = 0x1;
  private static final int SHARED = 0x2000;
  private static final int HEADER = 32;
  private static final int EXTENT = 56;
  private static final int EXTENTS = 256;

  /** Told of the extents in the order of the file; false ends it. */
  @FunctionalInterface
  interface Visitor {
    boolean visit(long length, boolean shared);
  }

  /**
   * Bytes on disk.
   *
   * @param shared with whatever other file, or with a snapshot
   */
  public record Sum(long exclusive, long shared) {}

  private Extents() {}

  /** What there is of one file, holes left out. */
  public static Sum sum(RegularFile file) throws SystemCallException {
    long[] sums = new long[2];
    visit(
        file,
        (length, shared) -> {
          sums[shared ? 1 : 0] += length;
          return true;
        });
    return new Sum(sums[0], sums[1]);
  }

  static void visit(RegularFile file, Visitor visitor) throws SystemCallException {
    long start = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment map = arena.allocate(HEADER + (long) EXTENTS * EXTENT, 8);
      while (true) {
        map.asSlice(0, HEADER).fill((byte) 0);
        map.set(ValueLayout.JAVA_LONG, 0, start);
        map.set(ValueLayout.JAVA_LONG, 8, Long.MAX_VALUE - start);
        map.set(ValueLayout.JAVA_INT, 16, SYNC_FIRST);
        map.set(ValueLayout.JAVA_INT, 24, EXTENTS);
        file.control("FIEMAP", FIEMAP, map);
        int mapped = map.get(ValueLayout.JAVA_INT, 20);
        for (int i = 0; i < mapped; i++) {
          MemorySegment extent = map.asSlice(HEADER + (long) i * EXTENT, EXTENT);
          long length = extent.get(ValueLayout.JAVA_LONG, 16);
          int flags = extent.get(ValueLayout.JAVA_INT, 40);
          boolean wanted = visitor.visit(length, (flags & SHARED) != 0);
          if (!wanted || (flags & LAST) != 0) {
            return;
          }
          start = extent.get(ValueLayout.JAVA_LONG, 0) + length;
        }
        if (mapped == 0) {
          return;
        }
      }
    }
  }
}
