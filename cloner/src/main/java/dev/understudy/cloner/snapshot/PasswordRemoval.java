package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.snapshot.Snapshot.Role;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes production's passwords out of a recovered copy: out of the rows, and then out of every
 * place that still holds a byte of an old row. Roles without a password stay without.
 */
final class PasswordRemoval {
  private PasswordRemoval() {}

  /** Once, in any database. */
  static void replace(Connection connection, List<Role> roles) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (Role role : roles) {
        if (role.verifier() != null) {
          statement.execute(
              "ALTER ROLE %s PASSWORD '%s'"
                  .formatted(quoteIdentifier(role.name()), RandomVerifier.next()));
        }
      }
    }
  }

  /**
   * Before the rest, in every database that has any: ends prepared transactions, for whose sake old
   * rows would be kept, and which may have locked a role.
   */
  static void rollBackPrepared(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String transaction : preparedTransactions(statement)) {
        statement.execute("ROLLBACK PREPARED " + quoteLiteral(transaction));
      }
    }
  }

  /**
   * In every database: removes what ANALYZE has learnt of the passwords, which are values of a
   * column like others.
   */
  static void forget(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "DELETE FROM pg_catalog.pg_statistic WHERE starelid ="
              + " 'pg_catalog.pg_authid'::pg_catalog.regclass");
      statement.execute("VACUUM (FULL) pg_catalog.pg_statistic");
    }
  }

  /**
   * Once, after all the others: writes the table of roles anew, and goes on to a segment of WAL in
   * which no old row is mentioned.
   */
  static void rewrite(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("VACUUM (FULL) pg_catalog.pg_authid");
      statement.execute("CHECKPOINT");
      statement.execute("SELECT pg_catalog.pg_switch_wal()");
    }
  }

  private static List<String> preparedTransactions(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT gid FROM pg_catalog.pg_prepared_xacts"
                + " WHERE database = pg_catalog.current_database()")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  static String quoteIdentifier(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  static String quoteLiteral(String text) {
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
