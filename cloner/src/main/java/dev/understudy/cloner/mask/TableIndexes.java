package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/**
 * The indexes of a table that is masked. While its rows change, none is maintained: all are built
 * anew after it, and a masked value must not collide with one that is still to be masked.
 */
final class TableIndexes {
  private final List<Long> resting;
  private final List<Long> checked;

  private TableIndexes(List<Long> resting, List<Long> checked) {
    this.resting = resting;
    this.checked = checked;
  }

  /**
   * Takes them out of maintenance, in the transaction that goes on.
   *
   * @param columns numbers of those that are changed
   */
  static TableIndexes rest(Connection connection, Relation relation, Collection<Integer> columns)
      throws SQLException {
    List<Long> checked =
        Query.numbers(
            connection,
            """
            SELECT indexrelid FROM pg_index
            WHERE indrelid = ? AND indisvalid AND (indisunique OR indisexclusion)
              AND (indkey::int2[]::bigint[] && ?::bigint[] OR indexprs IS NOT NULL
                OR indpred IS NOT NULL)
            ORDER BY indexrelid\
            """,
            relation.oid(),
            Query.array(connection, columns));
    List<Long> resting =
        Query.numbers(
            connection,
            "UPDATE pg_index SET indisready = false WHERE indrelid = ? AND indisready"
                + " RETURNING indexrelid",
            relation.oid());
    return new TableIndexes(resting, checked);
  }

  /** After the table and they with it were written anew: proves that what is unique still is. */
  void resume(Connection connection) throws SQLException {
    Query.update(
        connection,
        "UPDATE pg_index SET indisready = true WHERE indexrelid = ANY (?)",
        Query.array(connection, resting));
    List<String> commands =
        Query.rows(
            connection,
            row -> "REINDEX INDEX " + row.getString(1),
            "SELECT i::oid::regclass::text FROM unnest(?::bigint[]) AS i",
            Query.array(connection, checked));
    Query.execute(connection, commands.toArray(String[]::new));
  }
}
