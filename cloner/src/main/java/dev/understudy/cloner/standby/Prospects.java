package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.Lsn;
import dev.understudy.cloner.standby.LogWatch.Sign;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a replica can go on following, by what was seen of it so far. Used by one thread. */
final class Prospects {
  /** With an archive, WAL may still come when production itself has it no more. */
  private static final Duration ARCHIVE_PATIENCE = Duration.ofMinutes(1);

  private static final Logger LOG = LoggerFactory.getLogger(Prospects.class);

  private final String source;
  private final boolean archive;
  private @Nullable String lost;
  private long removedAt;
  private Lsn replayed = new Lsn(0);
  private boolean toldOtherCluster;

  /**
   * @param archive whether WAL comes from elsewhere, too
   */
  Prospects(String source, boolean archive) {
    this.source = requireNonNull(source, "source is null");
    this.archive = archive;
  }

  /** Why it cannot follow any more; empty while it may. */
  Optional<String> lost() {
    return Optional.ofNullable(lost);
  }

  void saw(ReplicaStatus status) {
    if (!status.replayed().equals(replayed)) {
      replayed = status.replayed();
      removedAt = 0;
    }
    if (status.streaming()) {
      lost = null;
      toldOtherCluster = false;
    }
  }

  void saw(Set<Sign> signs) {
    long now = System.nanoTime();
    for (Sign sign : signs) {
      switch (sign) {
        case WAL_REMOVED -> removedAt = removedAt == 0 ? now : removedAt;
        case DIVERGED -> lost = "production has gone another way";
        case SLOT_INVALIDATED -> sawSlotLost();
        case NEW_TABLESPACE -> lost = "production has a new tablespace";
        case OTHER_CLUSTER -> sawOtherCluster();
        case SLOT_MISSING -> {} // it is made again
      }
    }
    if (removedAt != 0 && (!archive || now - removedAt > ARCHIVE_PATIENCE.toNanos())) {
      lost = "production has removed WAL that it still needs";
    }
  }

  /** No archive brings a slot back. */
  void sawSlotLost() {
    lost = "production has given up the slot";
  }

  void sawNoStart(int times) {
    lost = "its server did not start %d times".formatted(times);
  }

  /** The server tries it each second, and says so. */
  private void sawOtherCluster() {
    if (!toldOtherCluster) {
      LOG.error(
          "source {}: another cluster answers at its url; the standby does not follow it", source);
    }
    toldOtherCluster = true;
  }

  /** There is a new replica. */
  void reset() {
    lost = null;
    removedAt = 0;
    toldOtherCluster = false;
  }
}
