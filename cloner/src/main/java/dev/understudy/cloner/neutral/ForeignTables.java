package dev.understudy.cloner.neutral;

import dev.understudy.cloner.snapshot.Finding.Kind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Takes out of foreign tables and their columns what leads to another place or opens it: a wrapper
 * may want programs, addresses and tokens there as well as of its server. Written into the
 * catalogs, for the reasons of {@link ForeignServers}. Only what is changed is taken down.
 */
final class ForeignTables implements DatabaseWork {
  private static final String NAME = "pg_catalog.format('%I.%I', n.nspname, c.relname)";

  private static final String TABLES =
      """
      SELECT f.ctid, NAME, f.ftoptions FROM pg_catalog.pg_foreign_table f
        JOIN pg_catalog.pg_class c ON c.oid = f.ftrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE f.ftoptions IS NOT NULL ORDER BY 2\
      """
          .replace("NAME", NAME);

  /** Those that were dropped keep their options up to PostgreSQL 16. */
  private static final String COLUMNS =
      """
      SELECT a.ctid, NAME || '.' || pg_catalog.quote_ident(a.attname), a.attfdwoptions
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attfdwoptions IS NOT NULL ORDER BY 2\
      """
          .replace("NAME", NAME);

  private static final String CHANGE_TABLE =
      "UPDATE pg_catalog.pg_foreign_table SET ftoptions = nullif(?::pg_catalog.text[], '{}')"
          + " WHERE ctid = ?::pg_catalog.tid";

  private static final String CHANGE_COLUMN =
      "UPDATE pg_catalog.pg_attribute SET attfdwoptions = nullif(?::pg_catalog.text[], '{}')"
          + " WHERE ctid = ?::pg_catalog.tid";

  /** Without one there is no foreign table, and hardly ever was. */
  private static final String WRAPPERS = "SELECT fdwname FROM pg_catalog.pg_foreign_data_wrapper";

  /**
   * Something with options.
   *
   * @param place of the row in its catalog, which nobody else changes
   */
  private record Row(String place, String name, List<String> options) {}

  @Override
  public void run(Connection connection, Report report) throws SQLException {
    change(connection, report, TABLES, CHANGE_TABLE);
    change(connection, report, COLUMNS, CHANGE_COLUMN);
    // Also of those that production has dropped.
    OldRows.remove(connection, "pg_foreign_table");
    if (!Query.column(connection, WRAPPERS).isEmpty()) {
      OldRows.remove(connection, "pg_attribute", "attfdwoptions");
    }
  }

  private static void change(Connection connection, Report report, String query, String update)
      throws SQLException {
    for (Row row : rows(connection, query)) {
      ForeignOptions options = ForeignOptions.ofTable(row.options());
      if (options.isChanged()) {
        write(connection, update, row, options.options());
        report.found(
            Kind.FOREIGN_TABLE,
            row.name(),
            "made to lead nowhere, by its options "
                + String.join(", ", new TreeSet<>(options.changed())));
      }
    }
  }

  private static List<Row> rows(Connection connection, String query) throws SQLException {
    List<Row> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        Array options = rows.getArray(3);
        all.add(
            new Row(rows.getString(1), rows.getString(2), List.of((String[]) options.getArray())));
      }
    }
    return all;
  }

  private static void write(Connection connection, String update, Row row, List<String> options)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(update)) {
      statement.setArray(1, connection.createArrayOf("text", options.toArray()));
      statement.setString(2, row.place());
      statement.executeUpdate();
    }
  }
}
