package dev.understudy.cloner.neutral;

import dev.understudy.cloner.snapshot.Finding.Kind;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Makes the jobs of pg_cron inactive. Its library is not preloaded in clones, so that nothing runs
 * them; this is for who preloads it.
 */
final class CronJobs implements DatabaseWork {
  private static final String THERE =
      """
      SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'pg_cron'
        AND pg_catalog.to_regclass('cron.job') IS NOT NULL\
      """;

  /** The triggers of the table, which need that library, do not fire in sessions like ours. */
  private static final String DEACTIVATE =
      "UPDATE cron.job SET active = false WHERE active RETURNING jobid";

  @Override
  public void run(Connection connection, Report report) throws SQLException {
    if (Query.column(connection, THERE).isEmpty()) {
      return;
    }
    for (String job : Query.column(connection, DEACTIVATE)) {
      report.found(Kind.CRON_JOB, job, "made inactive");
    }
  }
}
