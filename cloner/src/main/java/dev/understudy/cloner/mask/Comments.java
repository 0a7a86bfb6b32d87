package dev.understudy.cloner.mask;

import dev.understudy.cloner.mask.Relation.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** Comments on what is masked: nobody knows what administrators quote in them. */
final class Comments {
  private Comments() {}

  /**
   * Drops those on a relation and on some of its columns.
   *
   * @return how many
   */
  static int drop(Connection connection, Relation relation, Collection<Column> columns)
      throws SQLException {
    List<Integer> numbers = columns.stream().map(Column::number).toList();
    return Query.update(
        connection,
        "DELETE FROM pg_description WHERE classoid = 'pg_class'::regclass AND objoid = ?"
            + " AND (objsubid = 0 OR objsubid = ANY (?))",
        relation.oid(),
        Query.array(connection, numbers));
  }
}
