package dev.understudy.cloner.pool;

import java.io.IOException;
import java.nio.file.Path;

/** Works on every file system; every clone costs the time and the space of its whole snapshot. */
final class CopyPool extends FilePool {
  CopyPool(Path directory) {
    this(new Room(directory));
  }

  CopyPool(Room room) {
    super(room, (source, target) -> target.copyBytesOf(source), TreeSeal.Last.NOTHING);
  }

  @Override
  public String describe() {
    return "plain copy";
  }

  @Override
  public boolean sharesBlocks() {
    return false;
  }

  @Override
  public Usage usage(Path tree) throws IOException {
    return TreeUsage.unshared(tree);
  }
}
