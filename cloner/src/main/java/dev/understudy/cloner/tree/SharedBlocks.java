package dev.understudy.cloner.tree;

import dev.understudy.cloner.host.SystemCallException;

/** Asks the file system whether a file's blocks belong to another file too. */
public final class SharedBlocks {
  private SharedBlocks() {}

  /** True if the file has blocks and every one of them is shared. */
  public static boolean all(RegularFile file) throws SystemCallException {
    boolean[] any = {false};
    boolean[] all = {true};
    Extents.visit(
        file,
        (_, shared) -> {
          any[0] = true;
          all[0] = shared;
          return shared;
        });
    return any[0] && all[0];
  }
}
