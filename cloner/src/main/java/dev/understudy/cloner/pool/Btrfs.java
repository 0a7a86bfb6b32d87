package dev.understudy.cloner.pool;

import dev.understudy.cloner.host.FileNames;
import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.FileStatus;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Subvolumes by the kernel's own interface; the tools are not needed. */
final class Btrfs {
  private static final long SYNC = 0x9408L;
  private static final long SUBVOL_CREATE = 0x5000940eL;
  private static final long SNAP_DESTROY = 0x5000940fL;
  private static final long SNAP_CREATE_V2 = 0x50009417L;
  private static final long SUBVOL_GETFLAGS = 0x80089419L;
  private static final long SUBVOL_SETFLAGS = 0x4008941aL;
  private static final long READ_ONLY = 2;

  /** {@code struct btrfs_ioctl_vol_args} and its second version are of one size. */
  private static final int ARGUMENTS = 4096;

  private static final int NAME_V1 = 8;
  private static final int NAME_V2 = 56;
  private static final int LONGEST_NAME = 255;
  private static final long ROOT_INODE = 256;

  private Btrfs() {}

  /** True for the root of a subvolume; ask only on btrfs, the number means nothing elsewhere. */
  static boolean isSubvolume(FileStatus status) {
    return status.kind() == FileStatus.Kind.DIRECTORY && status.inode() == ROOT_INODE;
  }

  static void create(Directory parent, String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      parent.control("create subvolume in", SUBVOL_CREATE, arguments(arena, NAME_V1, 0, name));
    }
  }

  /** A writable snapshot. */
  static void snapshot(Directory source, Directory parent, String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      parent.control(
          "create snapshot in", SNAP_CREATE_V2, arguments(arena, NAME_V2, source.number(), name));
    }
  }

  /** Unlinks the subvolume at once; the kernel frees its blocks in the background. */
  static void destroy(Directory parent, String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      parent.control("delete subvolume in", SNAP_DESTROY, arguments(arena, NAME_V1, 0, name));
    }
  }

  /**
   * Commits, and wakes the thread that deletes what was unlinked; its blocks are free with the next
   * commit after that. A {@code syncfs} wakes nobody.
   */
  static void sync(Directory directory) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      directory.control("sync", SYNC, arena.allocate(ValueLayout.JAVA_LONG)); // ignored
    }
  }

  static void changeReadOnly(Directory subvolume, boolean readOnly) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flags = arena.allocate(ValueLayout.JAVA_LONG);
      subvolume.control("read flags of", SUBVOL_GETFLAGS, flags);
      long before = flags.get(ValueLayout.JAVA_LONG, 0);
      long after = readOnly ? before | READ_ONLY : before & ~READ_ONLY;
      if (after != before) {
        flags.set(ValueLayout.JAVA_LONG, 0, after);
        subvolume.control("change flags of", SUBVOL_SETFLAGS, flags);
      }
    }
  }

  private static MemorySegment arguments(Arena arena, int nameOffset, long descriptor, String name)
      throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length > LONGEST_NAME) {
      throw new IOException("the name is too long for a subvolume: " + FileNames.display(name));
    }
    MemorySegment arguments = arena.allocate(ARGUMENTS, 8);
    arguments.set(ValueLayout.JAVA_LONG, 0, descriptor);
    MemorySegment.copy(bytes, 0, arguments, ValueLayout.JAVA_BYTE, nameOffset, bytes.length);
    return arguments;
  }
}
