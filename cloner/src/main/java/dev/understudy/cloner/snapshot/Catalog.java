package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.snapshot.Snapshot.Database;
import dev.understudy.cloner.snapshot.Snapshot.Role;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a snapshot tells of itself from the catalogs of its recovered copy. */
final class Catalog {
  private Catalog() {}

  /** Those whose DROP DATABASE was interrupted left out. */
  static List<Database> databases(Connection connection) throws SQLException {
    List<Database> databases = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT datname, pg_catalog.pg_get_userbyid(datdba), datallowconn, datistemplate
                FROM pg_catalog.pg_database WHERE datconnlimit <> -2 ORDER BY datname\
                """)) {
      while (rows.next()) {
        databases.add(
            new Database(
                rows.getString(1), rows.getString(2), rows.getBoolean(3), rows.getBoolean(4)));
      }
    }
    return databases;
  }

  /** Those that nothing can be done with but DROP DATABASE once more. */
  static List<String> invalidDatabases(Connection connection) throws SQLException {
    return names(connection, "SELECT datname FROM pg_catalog.pg_database WHERE datconnlimit = -2");
  }

  /** Databases in which a transaction waits for COMMIT PREPARED. */
  static List<String> databasesWithPreparedTransactions(Connection connection) throws SQLException {
    return names(connection, "SELECT DISTINCT database FROM pg_catalog.pg_prepared_xacts");
  }

  private static List<String> names(Connection connection, String query) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  static List<Role> roles(Connection connection) throws SQLException {
    List<Role> roles = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT rolname, rolsuper, rolcanlogin, rolpassword, rolvaliduntil = '-infinity',
                  CASE WHEN pg_catalog.isfinite(rolvaliduntil) THEN rolvaliduntil END
                FROM pg_catalog.pg_authid ORDER BY rolname\
                """)) {
      while (rows.next()) {
        roles.add(
            new Role(
                rows.getString(1),
                rows.getBoolean(2),
                rows.getBoolean(3),
                rows.getString(4),
                validUntil(rows.getBoolean(5), rows.getObject(6, OffsetDateTime.class))));
      }
    }
    return roles;
  }

  private static @Nullable Instant validUntil(boolean never, @Nullable OffsetDateTime until) {
    if (never) {
      return Instant.EPOCH;
    }
    return until == null ? null : until.toInstant();
  }
}
