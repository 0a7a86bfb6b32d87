package dev.understudy.cloner.source;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * A base backup under way. Everything it needs of production hangs on its one session: a temporary
 * replication slot that keeps WAL, and the backup itself. Closing the session, however it comes,
 * ends both.
 */
final class BackupSession implements AutoCloseable {
  private final Connection connection;
  private final boolean before15;
  private final Lsn start;

  /**
   * What PostgreSQL says at the end of a backup.
   *
   * @param dataTime everything that was committed before is in the copy
   * @param label to be written into the copy as {@code backup_label}
   */
  record Stopped(Lsn stop, String label, Instant dataTime) {
    Stopped {
      requireNonNull(label, "label is null");
    }
  }

  private BackupSession(Connection connection, boolean before15, Lsn start) {
    this.connection = connection;
    this.before15 = before15;
    this.start = start;
  }

  /**
   * Costs production one checkpoint, made at once. Owns the connection from here on.
   *
   * @param version of production, as {@code server_version_num}
   */
  static BackupSession start(Connection connection, int version) throws SQLException {
    try {
      boolean before15 = version < 150_000;
      String label = "understudy_" + UUID.randomUUID().toString().replace("-", "");
      try (PreparedStatement slot =
          connection.prepareStatement(
              "SELECT pg_create_physical_replication_slot(?, true, true)")) {
        slot.setString(1, label);
        slot.execute();
      }
      String function =
          before15
              ? "SELECT pg_start_backup(?, true, false)::text"
              : "SELECT pg_backup_start(?, true)::text";
      try (PreparedStatement backup = connection.prepareStatement(function)) {
        backup.setString(1, label);
        try (ResultSet row = backup.executeQuery()) {
          row.next();
          return new BackupSession(connection, before15, Lsn.parse(row.getString(1)));
        }
      }
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Where recovery will begin. */
  Lsn start() {
    return start;
  }

  /** Ends the backup; the slot keeps its WAL until this is closed. */
  Stopped stop() throws SQLException {
    Instant dataTime;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      dataTime = row.getObject(1, OffsetDateTime.class).toInstant();
    }
    String function =
        before15
            ? "SELECT lsn::text, labelfile FROM pg_stop_backup(false, false)"
            : "SELECT lsn::text, labelfile FROM pg_backup_stop(false)";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(function)) {
      row.next();
      return new Stopped(Lsn.parse(row.getString(1)), row.getString(2), dataTime);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The socket is closed all the same, and with it the session.
    }
  }
}
