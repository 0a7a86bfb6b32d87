package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.snapshot.Snapshot.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Takes production's passwords out of a recovered copy: out of the rows, and then out of every
 * place that still holds a byte of an old row, but for the WAL. Roles without a password stay
 * without.
 */
final class PasswordRemoval implements PreparationStep {
  private final String key;

  /**
   * @param key of the snapshot, as {@link ReplacementKey} has it
   */
  PasswordRemoval(String key) {
    this.key = requireNonNull(key, "key is null");
  }

  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    replace(copy);
    copy.insideEach(PasswordRemoval::forget);
    try (Statement statement = copy.session().createStatement()) {
      statement.execute("VACUUM (FULL) pg_catalog.pg_authid");
    }
  }

  private void replace(RecoveredCopy copy) throws SQLException {
    try (Statement statement = copy.session().createStatement()) {
      for (Role role : copy.roles()) {
        if (role.verifier() != null) {
          statement.execute(
              "ALTER ROLE %s PASSWORD '%s'"
                  .formatted(
                      SqlText.identifier(role.name()), ReplacementKey.verifier(key, role.name())));
          copy.found(Kind.PASSWORD, null, role.name(), "replaced by one that nobody knows");
        }
      }
    }
  }

  /**
   * In every database: removes what ANALYZE has learnt of the passwords, which are values of a
   * column like others.
   */
  private static void forget(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "DELETE FROM pg_catalog.pg_statistic WHERE starelid ="
              + " 'pg_catalog.pg_authid'::pg_catalog.regclass");
      statement.execute("VACUUM (FULL) pg_catalog.pg_statistic");
    }
  }
}
