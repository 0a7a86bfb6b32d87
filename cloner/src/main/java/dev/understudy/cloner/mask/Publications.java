package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * What is published can only be updated where its rows have an identity, which production may never
 * have needed: so nothing is published while rows are masked. A session remembers what is
 * published, and must not have looked before.
 */
final class Publications {
  private final List<Long> updates;
  private final List<Long> deletes;

  private Publications(List<Long> updates, List<Long> deletes) {
    this.updates = updates;
    this.deletes = deletes;
  }

  static Publications rest(Connection connection) throws SQLException {
    return new Publications(
        Query.numbers(
            connection,
            "UPDATE pg_publication SET pubupdate = false WHERE pubupdate RETURNING oid::bigint"),
        Query.numbers(
            connection,
            "UPDATE pg_publication SET pubdelete = false WHERE pubdelete RETURNING"
                + " oid::bigint"));
  }

  void resume(Connection connection) throws SQLException {
    Query.update(
        connection,
        "UPDATE pg_publication SET pubupdate = true WHERE oid = ANY (?)",
        Query.array(connection, updates));
    Query.update(
        connection,
        "UPDATE pg_publication SET pubdelete = true WHERE oid = ANY (?)",
        Query.array(connection, deletes));
  }
}
