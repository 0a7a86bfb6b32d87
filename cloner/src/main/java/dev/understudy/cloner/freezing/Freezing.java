package dev.understudy.cloner.freezing;

import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.RecoveredCopy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Freezes every row, so that no query of a clone has to note on a page that a transaction of
 * production's has ended, which would make a private copy of the page. The planner sees the
 * relations as it saw them in production: none is cut shorter, nothing is analyzed, and what VACUUM
 * found out about their sizes is taken back. What VACUUM writes into a GIN index about its size and
 * its pending entries cannot be, so such an index is left alone, with the others of its table.
 */
public final class Freezing implements PreparationStep {
  /** VACUUM of many relations is one answer. */
  private static final Duration VACUUM = Duration.ofHours(24);

  private static final int AT_ONCE = 1000;

  /** Of access methods that are not PostgreSQL's own nobody knows. */
  private static final String TABLES =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
        AND EXISTS_OR_NOT (SELECT FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
          JOIN pg_catalog.pg_am a ON a.oid = x.relam
          WHERE i.indrelid = c.oid AND a.amname NOT IN ('btree', 'hash', 'gist', 'spgist', 'brin'))
      ORDER BY c.oid\
      """;

  private static final String WITH_INDEXES_TO_LEAVE = TABLES.replace("EXISTS_OR_NOT", "EXISTS");
  private static final String WITHOUT = TABLES.replace("EXISTS_OR_NOT", "NOT EXISTS");

  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    copy.insideEach(Freezing::freeze);
    // To go inside a database that nobody may connect to leaves new rows there.
    try (Statement statement = copy.session().createStatement()) {
      statement.execute("VACUUM (FREEZE, TRUNCATE false) pg_catalog.pg_database");
    }
  }

  /** What is written anew after it would not be frozen. */
  @Override
  public boolean comesLast() {
    return true;
  }

  private static void freeze(Connection connection) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(VACUUM.toMillis()));
    PlannerStatistics statistics = PlannerStatistics.read(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET vacuum_cost_delay = 0");
      freeze(statement, "FREEZE, TRUNCATE false, INDEX_CLEANUP false", WITH_INDEXES_TO_LEAVE);
      freeze(statement, "FREEZE, TRUNCATE false", WITHOUT);
      statistics.restore(connection);
      statement.execute("VACUUM (FREEZE, TRUNCATE false) pg_catalog.pg_class");
    }
  }

  private static void freeze(Statement statement, String options, String tables)
      throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(tables)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    for (int from = 0; from < names.size(); from += AT_ONCE) {
      List<String> part = names.subList(from, Math.min(names.size(), from + AT_ONCE));
      statement.execute("VACUUM (" + options + ") " + String.join(", ", part));
    }
  }
}
