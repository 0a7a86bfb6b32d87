package dev.understudy.cloner.source;

import java.nio.file.Path;

/** A source as we have it: what its snapshots are cut from. One copy at a time is made of it. */
public interface Mirror {
  /** Of the source. */
  String name();

  /** For people, after "a snapshot of". */
  String describe();

  /**
   * Copies everything into an empty tree. The caller removes the tree, and what lies beside it, if
   * this fails. Blocks for as long as it takes; ends soon when interrupted.
   */
  SourceCopy copyInto(Path tree, CopyListener listener)
      throws SourceException, InterruptedException;

  /** Ends the daemon's work on it; what follows production runs on. Idempotent. */
  default void close() {}

  /** Ends the daemon's work on it, and stops cleanly what follows production. Idempotent. */
  default void shutdown() throws InterruptedException {
    close();
  }
}
