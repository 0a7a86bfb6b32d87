package dev.understudy.cloner.freezing;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * How large the relations of one database are to the planner: the columns of {@code pg_class} that
 * VACUUM writes. Held in memory, some 100 bytes a relation, as any table would be seen in clones.
 */
final class PlannerStatistics {
  private static final int AT_ONCE = 10_000;
  private static final int RELALLFROZEN_SINCE = 180_000;

  private record Relation(long oid, int pages, float tuples, int allVisible, int allFrozen) {}

  private final boolean frozenToo;
  private final List<Relation> relations;

  private PlannerStatistics(boolean frozenToo, List<Relation> relations) {
    this.frozenToo = frozenToo;
    this.relations = relations;
  }

  static PlannerStatistics read(Connection connection) throws SQLException {
    boolean frozenToo = version(connection) >= RELALLFROZEN_SINCE;
    List<Relation> relations = new ArrayList<>();
    // Only within a transaction do rows come some at a time.
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(AT_ONCE);
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT oid, relpages, reltuples, relallvisible, %s FROM pg_catalog.pg_class WHERE relkind IN ('r', 'i', 't', 'm')"
                  .formatted(frozenToo ? "relallfrozen" : "0"))) {
        while (rows.next()) {
          relations.add(
              new Relation(
                  rows.getLong(1),
                  rows.getInt(2),
                  rows.getFloat(3),
                  rows.getInt(4),
                  rows.getInt(5)));
        }
      }
      connection.commit();
    } finally {
      connection.setAutoCommit(true);
    }
    return new PlannerStatistics(frozenToo, relations);
  }

  /** Puts back what was read; relations that are gone are left out. */
  void restore(Connection connection) throws SQLException {
    String columns = "relpages, reltuples, relallvisible" + (frozenToo ? ", relallfrozen" : "");
    String values = "s.pages, s.tuples, s.visible" + (frozenToo ? ", s.frozen" : "");
    String update =
        """
        UPDATE pg_catalog.pg_class c SET (COLUMNS) = ROW(VALUES)
        FROM unnest(?::bigint[], ?::integer[], ?::real[], ?::integer[], ?::integer[])
          AS s (relation, pages, tuples, visible, frozen)
        WHERE c.oid = s.relation::oid AND (C.COLUMNS) IS DISTINCT FROM (VALUES)\
        """
            .replace("C.COLUMNS", "c." + columns.replace(", ", ", c."))
            .replace("COLUMNS", columns)
            .replace("VALUES", values);
    try (PreparedStatement statement = connection.prepareStatement(update)) {
      for (int from = 0; from < relations.size(); from += AT_ONCE) {
        List<Relation> part = relations.subList(from, Math.min(relations.size(), from + AT_ONCE));
        statement.setArray(1, array(connection, "int8", part.stream().map(Relation::oid)));
        statement.setArray(2, array(connection, "int4", part.stream().map(Relation::pages)));
        statement.setArray(3, array(connection, "float4", part.stream().map(Relation::tuples)));
        statement.setArray(4, array(connection, "int4", part.stream().map(Relation::allVisible)));
        statement.setArray(5, array(connection, "int4", part.stream().map(Relation::allFrozen)));
        statement.executeUpdate();
      }
    }
  }

  private static Array array(
      Connection connection, String type, java.util.stream.Stream<? extends Number> numbers)
      throws SQLException {
    return connection.createArrayOf(type, numbers.toArray());
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_catalog.current_setting('server_version_num')::integer")) {
      row.next();
      return row.getInt(1);
    }
  }
}
