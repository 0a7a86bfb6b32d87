package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Has files removed that belong to no relation: what a transaction wrote that had not ended when
 * production was copied, or when it crashed once. No statement can reach them, and no mask; and
 * every clone would carry them. PostgreSQL gives no file a name that is taken, so they stay what
 * they are. To be done when nothing is written anew any more.
 */
final class OrphanedFiles implements PreparationStep {
  private static final String ALL =
      """
      WITH place (directory) AS (
        SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()
        UNION ALL
        SELECT 'pg_tblspc/' || t.oid || '/' || v || '/' || d.oid
        FROM pg_database d, pg_tablespace t, pg_ls_dir('pg_tblspc/' || t.oid, true, false) AS v
        WHERE d.datname = current_database() AND t.spcname NOT IN ('pg_default', 'pg_global')),
      file (directory, name) AS (
        SELECT directory, f FROM place, pg_ls_dir(directory, true, false) AS f)
      SELECT directory || '/' || name FROM file
      WHERE name ~ '^[0-9]+(_(fsm|vm|init))?([.][0-9]+)?$'
        AND directory || '/' || substring(name FROM '^[0-9]+') NOT IN (
          SELECT pg_relation_filepath(oid) FROM pg_class
          WHERE pg_relation_filepath(oid) IS NOT NULL)
      ORDER BY 1\
      """;

  private static final String OF_NO_DATABASE =
      """
      WITH place (directory) AS (
        SELECT 'base'
        UNION ALL
        SELECT 'pg_tblspc/' || t || '/' || v
        FROM pg_ls_dir('pg_tblspc', true, false) AS t, pg_ls_dir('pg_tblspc/' || t, true, false) AS v),
      lost (directory) AS MATERIALIZED (
        SELECT directory || '/' || d FROM place, pg_ls_dir(directory, true, false) AS d
        WHERE d ~ '^[0-9]+$' AND d NOT IN (SELECT oid::text FROM pg_database))
      SELECT directory || '/' || f FROM lost, pg_ls_dir(directory, true, false) AS f
      UNION ALL
      SELECT 'global/' || f FROM pg_ls_dir('global', true, false) AS f
      WHERE f ~ '^[0-9]+(_(fsm|vm|init))?([.][0-9]+)?$'
        AND 'global/' || substring(f FROM '^[0-9]+') NOT IN (
          SELECT pg_relation_filepath(oid) FROM pg_class
          WHERE relisshared AND pg_relation_filepath(oid) IS NOT NULL)
      ORDER BY 1\
      """;

  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    try (Statement statement = copy.session().createStatement()) {
      statement.execute("CHECKPOINT"); // ends those of relations that are gone
    }
    for (Database database : copy.databases()) {
      copy.inside(
          database,
          connection -> {
            for (String file : find(connection, ALL)) {
              copy.abandoned(file);
              copy.found(Kind.FILE, database.name(), file, "removed: belongs to no relation");
            }
          });
    }
    // Databases that are gone, or never came to be, as when production crashed while it made one.
    for (String file : find(copy.session(), OF_NO_DATABASE)) {
      copy.abandoned(file);
      copy.found(Kind.FILE, null, file, "removed: belongs to no database");
    }
  }

  /** Paths below the data directory. */
  private static List<String> find(Connection connection, String query) throws SQLException {
    List<String> files = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        files.add(rows.getString(1));
      }
    }
    return files;
  }
}
