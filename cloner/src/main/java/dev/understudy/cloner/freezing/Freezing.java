package dev.understudy.cloner.freezing;

import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.RecoveredCopy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Freezes every row, so that no query of a clone has to note on a page that a transaction of
 * production's has ended, which would make a private copy of the page. The planner sees the
 * relations as it saw them in production: none is cut shorter, nothing is analyzed, and what VACUUM
 * found out about their sizes is taken back.
 */
public final class Freezing implements PreparationStep {
  /** VACUUM of a whole database is one answer. */
  private static final Duration VACUUM = Duration.ofHours(24);

  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    copy.insideEach(Freezing::freeze);
  }

  private static void freeze(Connection connection) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(VACUUM.toMillis()));
    PlannerStatistics statistics = PlannerStatistics.read(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET vacuum_cost_delay = 0");
      statement.execute("VACUUM (FREEZE, TRUNCATE false)");
      statistics.restore(connection);
      statement.execute("VACUUM (FREEZE, TRUNCATE false) pg_catalog.pg_class");
    }
  }
}
