package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which part of each relation production's planner took for visible to all, on which it decides
 * about index-only scans: what is written anew loses it, and gets it back.
 */
final class Visibility {
  private final List<Long> relations = new ArrayList<>();
  private final List<Double> parts = new ArrayList<>();

  private Visibility() {}

  static Visibility read(Connection connection) throws SQLException {
    Visibility visibility = new Visibility();
    Query.rows(
        connection,
        row -> {
          visibility.relations.add(row.getLong(1));
          visibility.parts.add(row.getDouble(2));
          return null;
        },
        "SELECT oid::bigint, relallvisible::double precision / relpages FROM pg_class"
            + " WHERE relkind IN ('r', 'm') AND relpages > 0");
    return visibility;
  }

  /** As large a part of what is there now; relations that are gone are left out. */
  void restore(Connection connection) throws SQLException {
    Query.update(
        connection,
        """
        UPDATE pg_class AS c SET relallvisible = least(c.relpages, round(c.relpages * v.part))
        FROM unnest(?::bigint[], ?::double precision[]) AS v (relation, part)
        WHERE c.oid = v.relation::oid
          AND c.relallvisible <> least(c.relpages, round(c.relpages * v.part))\
        """,
        Query.array(connection, relations),
        connection.createArrayOf("float8", parts.toArray()));
  }
}
