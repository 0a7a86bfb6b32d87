package dev.understudy.cloner.neutral;

import dev.understudy.cloner.snapshot.Finding.Kind;
import java.sql.Connection;
import java.sql.SQLException;

/** What is done in each database of a copy. */
@FunctionalInterface
interface DatabaseWork {
  /** Takes down what was found in the database, and what became of it. */
  @FunctionalInterface
  interface Report {
    void found(Kind kind, String name, String action);
  }

  void run(Connection connection, Report report) throws SQLException;
}
