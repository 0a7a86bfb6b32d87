package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Files of a database that belong to no relation: what a transaction wrote that had not ended when
 * production was copied, or when it crashed once. No statement can reach them, and no mask.
 * PostgreSQL gives no file a name that is taken, so they stay what they are.
 */
final class OrphanedFiles {
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
        AND substring(name FROM '^[0-9]+')::bigint NOT IN (
          SELECT pg_relation_filenode(oid)::bigint FROM pg_class
          WHERE pg_relation_filenode(oid) IS NOT NULL)
      ORDER BY 1\
      """;

  private OrphanedFiles() {}

  /** Below the data directory. */
  static List<String> find(Connection connection) throws SQLException {
    Query.execute(connection, "CHECKPOINT"); // ends those of relations that are gone
    return Query.rows(connection, row -> row.getString(1), ALL);
  }
}
