package dev.understudy.cloner.pool;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Copy-on-write storage for <em>trees</em>: data directories of snapshots and clones. Trees lie on
 * one file system. All methods block; different trees may be worked on side by side.
 */
public interface Pool {
  /** For people: "btrfs subvolumes", "reflink", "plain copy". */
  String describe();

  /** False where every clone costs as much as its snapshot. */
  boolean sharesBlocks();

  /** Makes an empty tree, 0700 and owned by this process. The parent exists. */
  void create(Path tree) throws IOException;

  /**
   * Makes {@code target} a writable copy of a tree that is sealed, or that nobody writes to
   * meanwhile, with its owners, modes (writable again) and times, never following links. On failure
   * nothing is left at {@code target}.
   */
  void copy(Path tree, Path target) throws IOException;

  /** Everything below is on disk and no longer writable when this returns. */
  void seal(Path tree) throws IOException;

  /** Removes a tree, sealed or not, half made or whole; nothing happens where there is none. */
  void delete(Path tree) throws IOException;

  /** Bytes that can still be written to the file system. */
  long freeBytes() throws IOException;
}
