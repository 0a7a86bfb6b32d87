package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What is published can only be updated where its rows have an identity, which production may never
 * have needed: so nothing is published while rows are masked. Before anything else in a session,
 * which remembers what is published.
 */
final class Publications {
  private final List<Long> updates;
  private final List<Long> truncates;

  private Publications(List<Long> updates, List<Long> truncates) {
    this.updates = updates;
    this.truncates = truncates;
  }

  static Publications rest(Connection connection) throws SQLException {
    return new Publications(
        Query.numbers(
            connection,
            "UPDATE pg_publication SET pubupdate = false WHERE pubupdate RETURNING oid::bigint"),
        Query.numbers(
            connection,
            "UPDATE pg_publication SET pubtruncate = false WHERE pubtruncate RETURNING"
                + " oid::bigint"));
  }

  void resume(Connection connection) throws SQLException {
    Query.update(
        connection,
        "UPDATE pg_publication SET pubupdate = true WHERE oid = ANY (?)",
        Query.array(connection, updates));
    Query.update(
        connection,
        "UPDATE pg_publication SET pubtruncate = true WHERE oid = ANY (?)",
        Query.array(connection, truncates));
  }
}
