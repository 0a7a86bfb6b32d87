package dev.understudy.cloner.clone;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** By a session of the daemon's own. */
public final class SqlSettingsReload implements SettingsReload {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Less, as who is in time can say what it is that takes so long. */
  private static final Duration WAIT = Duration.ofSeconds(25);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  /** Beside walsenders, which look at their settings at any time. */
  private static final String STALE =
      "SELECT count(*) > 0 FROM pg_catalog.pg_stat_activity WHERE backend_type <> 'walsender'"
          + " AND state IN ('active', 'fastpath function call', 'disabled')"
          + " AND coalesce(state_change, backend_start) <= ?"
          + " AND pid <> pg_catalog.pg_backend_pid()";

  @Override
  public void run(Clone clone) throws SQLException, InterruptedException {
    Optional<String> obstacle = BriefSession.inAny(clone, PATIENCE, SqlSettingsReload::reload);
    if (obstacle.isPresent()) {
      throw new SQLException(obstacle.get());
    }
  }

  /** Returns what stands in the way. */
  private static Optional<String> reload(Connection connection) throws SQLException {
    long deadline = System.nanoTime() + WAIT.toNanos();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_catalog.pg_reload_conf()");
      while (!isTakenUp(statement)) {
        if (System.nanoTime() - deadline > 0) {
          return Optional.of("its server has not taken up its settings in time");
        }
      }
      Timestamp reloaded = now(statement);
      while (isAnyStale(connection, reloaded)) {
        if (System.nanoTime() - deadline > 0) {
          return Optional.of(
              "a statement that began before runs on, and takes up no settings before its end");
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
      return Optional.empty();
    }
  }

  /**
   * The checkpointer takes up both together, some time after the reload, and notes {@code
   * full_page_writes} with each checkpoint that it begins from then on. A hot standby, to which
   * nothing is written, notes what its snapshot had.
   */
  private static boolean isTakenUp(Statement statement) throws SQLException {
    statement.execute("CHECKPOINT");
    try (ResultSet row =
        statement.executeQuery(
            "SELECT full_page_writes OR pg_catalog.pg_is_in_recovery()"
                + " FROM pg_catalog.pg_control_checkpoint()")) {
      return row.next() && row.getBoolean(1);
    }
  }

  private static Timestamp now(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT pg_catalog.clock_timestamp()")) {
      if (!row.next()) {
        throw new SQLException("its server does not tell the time");
      }
      return row.getTimestamp(1);
    }
  }

  /**
   * Whether any is in the middle of a statement since before that time. What such a one commits is
   * not synced, though others take it to be; it takes up the settings before its next statement.
   */
  private static boolean isAnyStale(Connection connection, Timestamp reloaded) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(STALE)) {
      query.setTimestamp(1, reloaded);
      try (ResultSet row = query.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }
}
