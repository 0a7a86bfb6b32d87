package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.Lsn;

/**
 * Whether a standby has got to a position, as told by what it says again and again. Not
 * thread-safe.
 */
final class Arrival {
  /** A process that was just told of new WAL may still look as if it waited for some. */
  private static final int LOOKS = 5;

  private final Lsn position;
  private Lsn replayed = new Lsn(0);
  private int waiting;

  Arrival(Lsn position) {
    this.position = requireNonNull(position, "position is null");
  }

  /** True once everything before is replayed; each call is another look. */
  boolean saw(ReplicaStatus status) {
    if (status.hasReplayed(position)) {
      return true;
    }
    boolean moved = !status.replayed().equals(replayed);
    replayed = status.replayed();
    waiting = status.hasAllBut(position) ? (moved ? 1 : waiting + 1) : 0;
    return waiting >= LOOKS;
  }
}
