package dev.understudy.cloner.standby;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.source.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * What a standby says of itself.
 *
 * @param replayed up to where
 * @param received up to where by streaming; null where nothing was
 * @param streaming whether production sends
 * @param sent where production's WAL ended when it last said so; null where it does not send
 * @param lastCommit in production's time, of the last transaction replayed since the start; null
 *     where there was none
 * @param paused replay stands still and waits for us
 * @param idle replay has consumed all that was streamed and waits for more
 */
record ReplicaStatus(
    Lsn replayed,
    @Nullable Lsn received,
    boolean streaming,
    @Nullable Lsn sent,
    @Nullable Instant lastCommit,
    boolean paused,
    boolean idle) {
  private static final String QUERY =
      """
      SELECT pg_last_wal_replay_lsn()::text, pg_last_wal_receive_lsn()::text,
        receiver.status, receiver.latest_end_lsn::text, pg_last_xact_replay_timestamp(),
        pg_is_wal_replay_paused(),
        EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'startup'
          AND wait_event IN ('RecoveryWalStream', 'RecoveryWalAll'))
      FROM (VALUES (1)) one LEFT JOIN pg_stat_wal_receiver receiver ON true\
      """;

  ReplicaStatus {
    requireNonNull(replayed, "replayed is null");
  }

  static ReplicaStatus read(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUERY)) {
      row.next();
      Lsn replayed = lsn(row.getString(1));
      if (replayed == null) {
        throw new SQLException("the server is no standby any more");
      }
      OffsetDateTime commit = row.getObject(5, OffsetDateTime.class);
      return new ReplicaStatus(
          replayed,
          lsn(row.getString(2)),
          "streaming".equals(row.getString(3)),
          lsn(row.getString(4)),
          commit == null ? null : commit.toInstant(),
          row.getBoolean(6),
          row.getBoolean(7));
    }
  }

  private static @Nullable Lsn lsn(@Nullable String text) {
    return text == null ? null : Lsn.parse(text);
  }

  /** Whether all that production had written up to there is replayed. */
  boolean hasReplayed(Lsn position) {
    return isAtLeast(replayed, position);
  }

  /**
   * Whether all is here and replay seems to wait for more: production may have flushed half of a
   * record, of which nothing can be replayed.
   */
  boolean hasAllBut(Lsn position) {
    return received != null && isAtLeast(received, position) && idle;
  }

  /** Bytes that production has told of and that are not replayed. */
  long bytesBehind() {
    Lsn end = sent;
    if (end == null || (received != null && isAtLeast(received, end))) {
      if (received == null || idle) {
        return 0;
      }
      end = received;
    }
    return isAtLeast(replayed, end) ? 0 : end.bytes() - replayed.bytes();
  }

  private static boolean isAtLeast(Lsn position, Lsn other) {
    return Long.compareUnsigned(position.bytes(), other.bytes()) >= 0;
  }
}
