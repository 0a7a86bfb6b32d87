package dev.understudy.cloner.pool;

import dev.understudy.config.MinFree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/**
 * Copy-on-write storage for <em>trees</em>: data directories of snapshots and clones. Trees lie on
 * one file system, or each is one of its own. All methods block; different trees may be worked on
 * side by side.
 */
public interface Pool {
  /** A server that starts writes this much, in bytes. */
  long LEAST = 16L << 20;

  /** For people: "ZFS datasets", "btrfs subvolumes", "reflink", "plain copy". */
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

  /**
   * All that was written to these trees before is on disk when this returns. Where the file system
   * allows it, what was written to others is not waited for. Of a tree that is gone nothing is left
   * to be done.
   */
  void sync(Collection<Path> trees) throws IOException;

  /** Everything below is on disk and no longer writable when this returns. */
  void seal(Path tree) throws IOException;

  /** Removes a tree, sealed or not, half made or whole; nothing happens where there is none. */
  void delete(Path tree) throws IOException;

  /** Bytes that can still be written to the file system. */
  long freeBytes() throws IOException;

  /**
   * Whether there is so little left that a server ends, or does not start, for want of it: often
   * without a word, as its log has no room either. False where the file system does not tell.
   */
  default boolean isExhausted() {
    try {
      return freeBytes() < LEAST;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * What deleted trees leave is given back now, where the file system would take its time. To be
   * called again until it is.
   */
  default void reclaim() throws IOException {}

  /**
   * To be called before something is begun that writes so many bytes more.
   *
   * @throws PoolFullException with words for people, if less would then be free than is to stay so
   */
  default void requireRoom(long bytes) throws IOException {
    Room.require(new Room.Space("the pool", freeBytes(), freeBytes()), MinFree.DEFAULT, bytes);
  }

  /** Whether less is free than twice as much as is to stay so. */
  default boolean isLow() throws IOException {
    return Room.isLow(new Room.Space("the pool", freeBytes(), freeBytes()), MinFree.DEFAULT);
  }

  /**
   * What a tree costs, as the file system has it now. Reads the map of every file's blocks where it
   * has to: some tenths of a second for some ten thousand files. Ends soon when interrupted.
   */
  Usage usage(Path tree) throws IOException;

  /**
   * Finishes what a killed process left half done. To be called before anything else, by the one
   * process that works on trees here.
   */
  default void recover() throws IOException {}
}
