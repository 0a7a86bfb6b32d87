package dev.understudy.cloner.pool;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.CopyOnWriteHint;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.RegularFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Files share their blocks until one of them is written: XFS, btrfs, bcachefs and others. A copy
 * costs per file, not per byte. Where blocks cannot be shared it fails; bytes are never copied.
 */
final class ReflinkPool extends FilePool {
  /** One page of PostgreSQL: what is written to a clone is scattered. */
  private static final int HINT_BYTES = 8192;

  ReflinkPool(Path directory) {
    this(new Room(directory));
  }

  ReflinkPool(Room room) {
    super(room, ReflinkPool::share, ReflinkPool::hint);
  }

  /** A clone of a whole file takes over its hint; where one does not, it gets it here. */
  private static void share(RegularFile source, RegularFile target) throws IOException {
    target.shareBlocksOf(source);
    int wanted = hintOf(source);
    if (wanted != 0 && hintOf(target) != wanted) {
      CopyOnWriteHint.write(target, wanted);
    }
  }

  private static int hintOf(RegularFile file) throws IOException {
    try {
      return CopyOnWriteHint.read(file);
    } catch (SystemCallException e) {
      return unsupported(e);
    }
  }

  private static void hint(Directory directory, String name) throws IOException {
    try (RegularFile file = directory.file(name)) {
      CopyOnWriteHint.write(file, HINT_BYTES);
    } catch (SystemCallException e) {
      unsupported(e);
    }
  }

  /** Other file systems have no such hint, and do without. */
  private static int unsupported(SystemCallException e) throws SystemCallException {
    return switch (e.errno()) {
      case SystemCallException.ENOTTY, SystemCallException.EOPNOTSUPP, SystemCallException.EINVAL ->
          0;
      default -> throw e;
    };
  }

  @Override
  public String describe() {
    return "reflink";
  }

  @Override
  public boolean sharesBlocks() {
    return true;
  }

  @Override
  public Usage usage(Path tree) throws IOException {
    return TreeUsage.byExtents(tree);
  }
}
