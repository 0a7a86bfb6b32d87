package dev.understudy.cloner.standby;

import dev.understudy.cloner.source.Lsn;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Waits until a standby has replayed what production had written when it was asked. */
final class CatchUp {
  private static final Duration LOOK = Duration.ofMillis(20);

  /** It is connected again within a second after a start, or not so soon. */
  private static final Duration UNCONNECTED = Duration.ofSeconds(5);

  private CatchUp() {}

  /** Where production's WAL on disk ends now; every commit that was answered is before. */
  static Lsn end(Connection production) throws SQLException {
    return Lsn.parse(
        Rows.text(
            production,
            "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                + " ELSE pg_current_wal_flush_lsn() END"));
  }

  /**
   * False if it has not got there, and nothing was replayed for some time.
   *
   * @param patience with a standby that is connected and does not move
   */
  static boolean await(Replica replica, Lsn position, Duration patience)
      throws SQLException, InterruptedException {
    Arrival arrival = new Arrival(position);
    Lsn last = new Lsn(0);
    long movedAt = System.nanoTime();
    while (true) {
      ReplicaStatus status = replica.status();
      if (arrival.saw(status)) {
        return true;
      }
      if (!status.replayed().equals(last)) {
        last = status.replayed();
        movedAt = System.nanoTime();
      } else {
        Duration most = status.streaming() ? patience : UNCONNECTED;
        if (status.paused() || System.nanoTime() - movedAt > most.toNanos()) {
          return false;
        }
      }
      Thread.sleep(LOOK);
    }
  }
}
