package dev.understudy.cloner.standby;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Finding;
import dev.understudy.cloner.snapshot.PreparationStep;
import dev.understudy.cloner.snapshot.RecoveredCopy;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * Builds the indexes anew of databases whose texts are sorted otherwise here than on production.
 * Bounds of partitions and what was checked by constraints stay as they are.
 */
public final class CollationReindexing implements PreparationStep {
  /** All indexes of a database are one answer. */
  private static final Duration REINDEX = Duration.ofHours(24);

  private static final int DATABASES_HAVE_VERSIONS = 150_000;

  /** Extensions' own collations are refreshed with the others. */
  private static final String REFRESHED =
      """
      SELECT pg_catalog.format('ALTER COLLATION %I.%I REFRESH VERSION',
        collnamespace::regnamespace, collname)
      FROM pg_catalog.pg_collation
      WHERE collversion <> coalesce(pg_catalog.pg_collation_actual_version(oid), collversion)\
      """;

  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    for (Database database : copy.databases()) {
      copy.inside(database, connection -> run(copy, database, connection));
    }
  }

  private static void run(RecoveredCopy copy, Database database, Connection connection)
      throws SQLException {
    List<String> differing = CollationCheck.differing(connection);
    if (differing.isEmpty()) {
      return;
    }
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(REINDEX.toMillis()));
    String name = SqlText.identifier(database.name());
    try (Statement statement = connection.createStatement()) {
      statement.execute("REINDEX DATABASE " + name);
      if (Rows.number(connection, "SHOW server_version_num") >= DATABASES_HAVE_VERSIONS) {
        statement.execute("ALTER DATABASE " + name + " REFRESH COLLATION VERSION");
      }
      for (String refresh : Rows.texts(connection, REFRESHED)) {
        statement.execute(refresh);
      }
    }
    for (String collation : differing) {
      copy.found(Finding.Kind.COLLATION, database.name(), collation, "all indexes built anew");
    }
  }
}
