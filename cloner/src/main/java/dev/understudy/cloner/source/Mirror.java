package dev.understudy.cloner.source;

import java.nio.file.Path;
import java.util.Optional;

/** A source as we have it: what its snapshots are cut from. One copy at a time is made of it. */
public interface Mirror {
  /** Of the source. */
  String name();

  /** For people, after "a snapshot of". */
  String describe();

  /**
   * How far production has written: the same text twice only if nothing was written between. Empty
   * where that cannot be told. Blocks.
   */
  default Optional<String> position() throws SourceException, InterruptedException {
    return Optional.empty();
  }

  /**
   * Whether production has written since. Blocks.
   *
   * @param position of a snapshot, as {@link #position} told it
   * @throws SourceException also where nothing has come from production since, and it cannot be
   *     told whether it has written; then of the kind {@code CONNECTION}
   */
  default boolean isChangedSince(String position) throws SourceException, InterruptedException {
    return !position().equals(Optional.of(position));
  }

  /** How far it is behind production; empty where it does not follow. Never blocks. */
  default Optional<Lag> lag() {
    return Optional.empty();
  }

  /** Begins the daemon's work on it, in threads of its own where it needs any. Called once. */
  default void begin() {}

  /**
   * Copies everything into an empty tree, which may be replaced by another one of its name. The
   * caller removes the tree, and what lies beside it, if this fails. Blocks for as long as it
   * takes; ends soon when interrupted.
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
