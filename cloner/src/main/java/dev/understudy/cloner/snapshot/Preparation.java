package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.postgres.RunningServer;
import dev.understudy.cloner.postgres.Sql;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import dev.understudy.cloner.snapshot.Snapshot.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done to a recovered copy, by SQL, before it is sealed. */
final class Preparation {
  private static final Duration ANSWER = Duration.ofMinutes(30);

  /** Nothing that production set for a role or a database may bend what is done here. */
  private static final List<String> PLAIN_SESSION =
      List.of(
          "SET search_path = pg_catalog, pg_temp",
          "SET statement_timeout = 0",
          "SET SESSION AUTHORIZATION DEFAULT",
          "SET ROLE NONE",
          "SET default_transaction_read_only = off",
          "SET default_transaction_isolation = 'read committed'",
          "SET synchronous_commit = off",
          """
          SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings
          WHERE name IN ('lock_timeout', 'transaction_timeout', 'idle_session_timeout',
            'idle_in_transaction_session_timeout')\
          """);

  private final RunningServer server;
  private final String superuser;

  Preparation(RunningServer server, String superuser) {
    this.server = server;
    this.superuser = superuser;
  }

  /** What production has, its passwords included, which are nowhere in the copy afterwards. */
  record Prepared(List<Database> databases, List<Role> roles) {}

  Prepared run() throws SQLException {
    try (Connection connection = connectAnywhere()) {
      List<Database> databases = Catalog.databases(connection);
      List<Role> roles = Catalog.roles(connection);
      endPreparedTransactions(connection, databases);
      dropInvalidDatabases(connection);
      PasswordRemoval.replace(connection, roles);
      for (Database database : databases) {
        inside(connection, database, PasswordRemoval::forget);
      }
      PasswordRemoval.rewrite(connection);
      return new Prepared(databases, roles);
    }
  }

  /**
   * They hold locks that all the rest would wait for without end. Those of databases that must be
   * opened first come last, as others may lock the row that says so.
   */
  private void endPreparedTransactions(Connection connection, List<Database> databases)
      throws SQLException {
    List<String> concerned = Catalog.databasesWithPreparedTransactions(connection);
    for (boolean open : List.of(true, false)) {
      for (Database database : databases) {
        if (database.allowsConnections() == open && concerned.contains(database.name())) {
          inside(connection, database, PasswordRemoval::rollBackPrepared);
        }
      }
    }
  }

  /** Nobody can connect to them, so what ANALYZE has learnt there can only go with them. */
  private static void dropInvalidDatabases(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String name : Catalog.invalidDatabases(connection)) {
        statement.execute("DROP DATABASE " + PasswordRemoval.quoteIdentifier(name));
      }
    }
  }

  @FunctionalInterface
  private interface Work {
    void run(Connection connection) throws SQLException;
  }

  private void inside(Connection connection, Database database, Work work) throws SQLException {
    if (!database.allowsConnections()) {
      allowConnections(connection, database, true);
    }
    try (Connection inside = connect(database.name())) {
      work.run(inside);
    }
    if (!database.allowsConnections()) {
      allowConnections(connection, database, false);
    }
  }

  private static void allowConnections(Connection connection, Database database, boolean allow)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "ALTER DATABASE %s ALLOW_CONNECTIONS %s"
              .formatted(PasswordRemoval.quoteIdentifier(database.name()), allow));
    }
  }

  private Connection connectAnywhere() throws SQLException {
    @Nullable SQLException first = null;
    for (String database : List.of("template1", "postgres")) {
      try {
        return connect(database);
      } catch (SQLException e) {
        if (first == null) {
          first = e;
        }
      }
    }
    throw first;
  }

  private Connection connect(String database) throws SQLException {
    Connection connection = Sql.connect(server.socket(), database, superuser, ANSWER);
    try (Statement statement = connection.createStatement()) {
      for (String setting : PLAIN_SESSION) {
        statement.execute(setting);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }
}
