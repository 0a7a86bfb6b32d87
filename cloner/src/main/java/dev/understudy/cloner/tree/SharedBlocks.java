package dev.understudy.cloner.tree;

import dev.understudy.cloner.host.SystemCallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Asks the file system ({@code FIEMAP}) whether a file's blocks belong to another file too. */
public final class SharedBlocks {
  private static final long FIEMAP = 0xC020660BL;
  private static final int SYNC_FIRST = 1;
  private static final int LAST = 0x1;
  private static final int SHARED = 0x2000;
  private static final int HEADER = 32;
  private static final int EXTENT = 56;
  private static final int EXTENTS = 64;

  private SharedBlocks() {}

  /** True if the file has blocks and every one of them is shared. */
  public static boolean all(RegularFile file) throws SystemCallException {
    long start = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment map = arena.allocate(HEADER + (long) EXTENTS * EXTENT, 8);
      while (true) {
        map.fill((byte) 0);
        map.set(ValueLayout.JAVA_LONG, 0, start);
        map.set(ValueLayout.JAVA_LONG, 8, Long.MAX_VALUE - start);
        map.set(ValueLayout.JAVA_INT, 16, SYNC_FIRST);
        map.set(ValueLayout.JAVA_INT, 24, EXTENTS);
        file.control("FIEMAP", FIEMAP, map);
        int mapped = map.get(ValueLayout.JAVA_INT, 20);
        if (mapped == 0) {
          return start > 0;
        }
        for (int i = 0; i < mapped; i++) {
          MemorySegment extent = map.asSlice(HEADER + (long) i * EXTENT, EXTENT);
          int flags = extent.get(ValueLayout.JAVA_INT, 40);
          if ((flags & SHARED) == 0) {
            return false;
          }
          if ((flags & LAST) != 0) {
            return true;
          }
          start = extent.get(ValueLayout.JAVA_LONG, 0) + extent.get(ValueLayout.JAVA_LONG, 16);
        }
      }
    }
  }
}
