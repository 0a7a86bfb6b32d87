package dev.understudy.cloner.mask;

import dev.understudy.cloner.postgres.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Triggers and rules of relations that fire even for a replica, out of force while something is
 * changed. All others do not fire in our sessions.
 */
final class AlwaysFiring {
  private static final String ALL =
      """
      SELECT tgrelid, 'TRIGGER', tgname, tgenabled FROM pg_trigger
      WHERE tgenabled IN ('A', 'R') AND tgrelid = ANY (?)
      UNION ALL
      SELECT ev_class, 'RULE', rulename, ev_enabled FROM pg_rewrite
      WHERE ev_enabled IN ('A', 'R') AND ev_type <> '1' AND ev_class = ANY (?)
      ORDER BY 1, 2, 3\
      """;

  private final List<String> restoring;

  private AlwaysFiring(List<String> restoring) {
    this.restoring = restoring;
  }

  /** In the transaction that goes on. */
  static AlwaysFiring disable(Connection connection, List<Relation> relations) throws SQLException {
    Object numbers = Query.array(connection, relations.stream().map(Relation::oid).toList());
    List<String> restoring = new ArrayList<>();
    List<String> disabling =
        Query.rows(
            connection,
            row -> {
              long oid = row.getLong(1);
              Relation relation =
                  relations.stream().filter(one -> one.oid() == oid).findFirst().orElseThrow();
              String what = row.getString(2) + " " + SqlText.identifier(row.getString(3));
              String table = "ALTER TABLE ONLY " + relation.sql();
              restoring.add(
                  table
                      + (row.getString(4).equals("A") ? " ENABLE ALWAYS " : " ENABLE REPLICA ")
                      + what);
              return table + " DISABLE " + what;
            },
            ALL,
            numbers,
            numbers);
    Query.execute(connection, disabling.toArray(String[]::new));
    return new AlwaysFiring(restoring);
  }

  /** As they were. */
  void enable(Connection connection) throws SQLException {
    Query.execute(connection, restoring.toArray(String[]::new));
  }
}
