package dev.understudy.cloner.tree;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What {@code statx(2)} says of a file, a link never followed.
 *
 * @param mode permission bits only
 * @param allocated bytes on disk, of others' blocks too
 * @param modifiedNanos nanoseconds of the second
 * @param inode 256 is the root of a subvolume on btrfs
 * @param mountRoot something is mounted here
 */
public record FileStatus(
    Kind kind,
    int mode,
    int uid,
    int gid,
    long size,
    long allocated,
    long modifiedSeconds,
    int modifiedNanos,
    long inode,
    long device,
    boolean mountRoot) {
  static final int BYTES = 256;

  /** Types, mode, owner, size, blocks, inode and modification time. */
  static final int MASK = 0x1 | 0x2 | 0x8 | 0x10 | 0x40 | 0x100 | 0x200 | 0x400;

  /** The unit of {@code stx_blocks}, whatever the file system's own. */
  private static final int BLOCK = 512;

  private static final long ATTRIBUTE_MOUNT_ROOT = 0x2000;

  /** The types of file that matter here. */
  public enum Kind {
    DIRECTORY,
    REGULAR,
    SYMBOLIC_LINK,
    /** Socket, pipe or device. */
    OTHER
  }

  static FileStatus read(MemorySegment statx) {
    int mode = Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, 28));
    return new FileStatus(
        switch (mode & 0170000) {
          case 0040000 -> Kind.DIRECTORY;
          case 0100000 -> Kind.REGULAR;
          case 0120000 -> Kind.SYMBOLIC_LINK;
          default -> Kind.OTHER;
        },
        mode & 07777,
        statx.get(ValueLayout.JAVA_INT, 20),
        statx.get(ValueLayout.JAVA_INT, 24),
        statx.get(ValueLayout.JAVA_LONG, 40),
        statx.get(ValueLayout.JAVA_LONG, 48) * BLOCK,
        statx.get(ValueLayout.JAVA_LONG, 112),
        statx.get(ValueLayout.JAVA_INT, 120),
        statx.get(ValueLayout.JAVA_LONG, 32),
        ((long) statx.get(ValueLayout.JAVA_INT, 136) << 32)
            | Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, 140)),
        (statx.get(ValueLayout.JAVA_LONG, 8) & ATTRIBUTE_MOUNT_ROOT) != 0);
  }
}
