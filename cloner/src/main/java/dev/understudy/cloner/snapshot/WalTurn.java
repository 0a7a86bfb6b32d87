package dev.understudy.cloner.snapshot;

import java.sql.SQLException;
import java.sql.Statement;

/**
 * The last step: goes on to a segment of WAL in which nothing is mentioned that was removed before.
 * All others go when the server has stopped.
 */
final class WalTurn implements PreparationStep {
  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    try (Statement statement = copy.session().createStatement()) {
      statement.execute("CHECKPOINT");
      statement.execute("SELECT pg_catalog.pg_switch_wal()");
    }
  }
}
