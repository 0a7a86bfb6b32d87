package dev.understudy.cloner.source;

import dev.understudy.cloner.source.SourceException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Asks production, before anything is begun, whether it can be copied. */
final class Preflight {
  /** The two clocks are one; the file is written first, then a large server makes its memory. */
  private static final int STARTED_BEFORE_SECONDS = 2;

  private static final int STARTED_AFTER_SECONDS = 60;

  private final Connection connection;
  private final int version;

  Preflight(Connection connection, int version) {
    this.connection = connection;
    this.version = version;
  }

  void check(SourceDirectory directory, PostmasterPid postmaster)
      throws SQLException, SourceException {
    checkPrivileges();
    checkIdentity(directory.path(), directory.control().systemIdentifier());
    checkStart(directory.path(), postmaster);
    checkIsPrimary();
    checkWalLevel();
    checkSlots();
    String _ = superuser();
  }

  /** Of production, as {@code server_version_num}. */
  int version() {
    return version;
  }

  /**
   * Whom we can be in a copy: the bootstrap superuser, or another one where that may not log in.
   */
  String superuser() throws SQLException, SourceException {
    String name =
        text(
            "SELECT coalesce((SELECT rolname FROM pg_roles WHERE rolsuper AND rolcanlogin"
                + " ORDER BY oid <> 10, oid LIMIT 1), '')");
    if (name.isEmpty()) {
      throw new SourceException(
          Kind.UNSUPPORTED,
          "no superuser of production may log in",
          "A copy is prepared as a superuser.",
          "CREATE ROLE understudy SUPERUSER LOGIN; without a password it opens nothing.");
    }
    return name;
  }

  private void checkPrivileges() throws SQLException, SourceException {
    if (isTrue("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
      return;
    }
    String role = text("SELECT quote_ident(current_user)");
    List<String> grants = new ArrayList<>();
    if (!isTrue("SELECT rolreplication FROM pg_roles WHERE rolname = current_user")) {
      grants.add("ALTER ROLE %s REPLICATION;".formatted(role));
    }
    if (!isTrue("SELECT pg_has_role('pg_read_all_settings', 'USAGE')")) {
      grants.add("GRANT pg_read_all_settings TO %s;".formatted(role));
    }
    List<String> functions = new ArrayList<>();
    for (String function :
        version < 150_000
            ? List.of("pg_start_backup(text, boolean, boolean)", "pg_stop_backup(boolean, boolean)")
            : List.of("pg_backup_start(text, boolean)", "pg_backup_stop(boolean)")) {
      if (!isTrue("SELECT has_function_privilege('%s', 'EXECUTE')".formatted(function))) {
        functions.add(function);
      }
    }
    if (!functions.isEmpty()) {
      grants.add(
          "GRANT EXECUTE ON FUNCTION %s TO %s;".formatted(String.join(", ", functions), role));
    }
    if (!grants.isEmpty()) {
      throw new SourceException(
          Kind.PRIVILEGES,
          "role %s may not make a base backup of production".formatted(role),
          "It is no superuser, and rights are missing in database %s."
              .formatted(text("SELECT quote_ident(current_database())")),
          "As a superuser, in this database: " + String.join(" ", grants));
    }
  }

  private void checkIdentity(Path directory, long systemIdentifier)
      throws SQLException, SourceException {
    String identifier = text("SELECT system_identifier::text FROM pg_control_system()");
    String serves = text("SELECT current_setting('data_directory')");
    if (!identifier.equals(Long.toUnsignedString(systemIdentifier)) || !isSame(directory, serves)) {
      throw new SourceException(
          Kind.OTHER_SERVER,
          "the server that answers is not the one of %s".formatted(directory),
          "It serves %s, system identifier %s; the directory's is %s."
              .formatted(serves, identifier, Long.toUnsignedString(systemIdentifier)),
          "Correct directory or url of the source, so that both mean one server.");
    }
  }

  /** Cluster and path may be the same on two hosts, the moment of the start is not. */
  private void checkStart(Path directory, PostmasterPid postmaster)
      throws SQLException, SourceException {
    long started =
        Long.parseLong(
            text("SELECT floor(extract(epoch FROM pg_postmaster_start_time()))::bigint::text"));
    long after = started - postmaster.started();
    if (after < -STARTED_BEFORE_SECONDS || after > STARTED_AFTER_SECONDS) {
      throw new SourceException(
          Kind.OTHER_SERVER,
          "the server that answers is not the one of %s".formatted(directory),
          "It was started at %s; the one that wrote postmaster.pid there, at %s."
              .formatted(
                  Instant.ofEpochSecond(started), Instant.ofEpochSecond(postmaster.started())),
          "Correct directory or url of the source, so that both mean one server.");
    }
  }

  private static boolean isSame(Path directory, String serves) {
    try {
      return directory.toRealPath().equals(Path.of(serves).toRealPath());
    } catch (IOException e) {
      return false;
    }
  }

  private void checkIsPrimary() throws SQLException, SourceException {
    if (isTrue("SELECT pg_is_in_recovery()")) {
      throw new SourceException(
          Kind.UNSUPPORTED,
          "the server is a standby",
          "A source of type directory is copied from a primary so far.",
          "Point directory at the primary's data directory, on the primary's host.");
    }
  }

  private void checkWalLevel() throws SQLException, SourceException {
    String level = text("SELECT current_setting('wal_level')");
    if (level.equals("minimal")) {
      throw new SourceException(
          Kind.SETTINGS,
          "production's wal_level is minimal",
          "With it, WAL does not hold what a base backup needs.",
          "ALTER SYSTEM SET wal_level = 'replica'; and restart production.");
    }
  }

  private void checkSlots() throws SQLException, SourceException {
    int most = Integer.parseInt(text("SELECT current_setting('max_replication_slots')"));
    int used = Integer.parseInt(text("SELECT count(*)::text FROM pg_replication_slots"));
    if (used >= most) {
      throw new SourceException(
          Kind.SETTINGS,
          "production has no replication slot left",
          "max_replication_slots is %d, and %d are in use; one is needed while the copy is made."
              .formatted(most, used),
          "Raise max_replication_slots and restart production, or drop a slot that nobody uses.");
    }
  }

  private boolean isTrue(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() && row.getBoolean(1);
    }
  }

  private String text(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
