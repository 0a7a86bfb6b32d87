package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.cloner.snapshot.Finding.Kind;
import dev.understudy.cloner.snapshot.Snapshot.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The first step: what nobody ended in production would be in the way of all the others. */
final class LeftoverRemoval implements PreparationStep {
  @Override
  public void run(RecoveredCopy copy) throws SQLException {
    endPreparedTransactions(copy);
    dropInvalidDatabases(copy);
  }

  /**
   * They hold locks that all the rest would wait for without end, and old rows are kept for their
   * sake. Those of databases that must be opened first come last, as others may lock the row that
   * says so.
   */
  private static void endPreparedTransactions(RecoveredCopy copy) throws SQLException {
    List<String> concerned = Catalog.databasesWithPreparedTransactions(copy.session());
    for (boolean open : List.of(true, false)) {
      for (Database database : copy.databases()) {
        if (database.allowsConnections() == open && concerned.contains(database.name())) {
          copy.inside(database, connection -> rollBackPrepared(connection, copy, database));
        }
      }
    }
  }

  private static void rollBackPrepared(Connection connection, RecoveredCopy copy, Database database)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String transaction : preparedTransactions(statement)) {
        statement.execute("ROLLBACK PREPARED " + SqlText.literal(transaction));
        copy.found(Kind.PREPARED_TRANSACTION, database.name(), transaction, "rolled back");
      }
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

  /** Nobody can connect to them, so what ANALYZE has learnt there can only go with them. */
  private static void dropInvalidDatabases(RecoveredCopy copy) throws SQLException {
    try (Statement statement = copy.session().createStatement()) {
      for (String name : Catalog.invalidDatabases(copy.session())) {
        statement.execute("DROP DATABASE " + SqlText.identifier(name));
        copy.found(Kind.INVALID_DATABASE, null, name, "dropped, as production meant to");
      }
    }
  }
}
