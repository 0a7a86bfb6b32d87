package dev.understudy.cloner.pool;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Files share their blocks until one of them is written: XFS, btrfs, bcachefs and others. A copy
 * costs per file, not per byte. Where blocks cannot be shared it fails; bytes are never copied.
 */
final class ReflinkPool extends FilePool {
  ReflinkPool(Path directory) {
    super(directory, (source, target) -> target.shareBlocksOf(source));
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
