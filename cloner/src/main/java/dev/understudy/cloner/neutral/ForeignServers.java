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
 * Leads foreign servers nowhere and takes what opens them out of user mappings, whatever wrapper
 * they belong to. Written into the catalogs: ALTER SERVER would run the wrapper's own code, which
 * may be missing here, and has its own idea of what an option may be.
 */
final class ForeignServers implements DatabaseWork {
  private static final String LIBPQ =
      """
      EXISTS (SELECT FROM pg_catalog.pg_proc p WHERE p.oid IN (w.fdwhandler, w.fdwvalidator)
        AND p.proname IN ('postgres_fdw_handler', 'postgres_fdw_validator',
          'dblink_fdw_validator', 'postgresql_fdw_validator'))\
      """;

  private static final String WRAPPERS =
      """
      SELECT oid, fdwname, fdwoptions, false FROM pg_catalog.pg_foreign_data_wrapper
      WHERE fdwoptions IS NOT NULL ORDER BY fdwname\
      """;

  private static final String SERVERS =
      """
      SELECT s.oid, s.srvname, s.srvoptions, LIBPQ
      FROM pg_catalog.pg_foreign_server s
        JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
      ORDER BY s.srvname\
      """
          .replace("LIBPQ", LIBPQ);

  private static final String USER_MAPPINGS =
      """
      SELECT m.oid, CASE WHEN m.umuser = 0 THEN 'public'
          ELSE pg_catalog.pg_get_userbyid(m.umuser) END || ' at ' || s.srvname, m.umoptions, false
      FROM pg_catalog.pg_user_mapping m
        JOIN pg_catalog.pg_foreign_server s ON s.oid = m.umserver
      ORDER BY 2\
      """;

  /** Something with options, as its catalog has it. */
  private record Row(long oid, String name, List<String> options, boolean libpq) {}

  @Override
  public void run(Connection connection, Report report) throws SQLException {
    change(
        connection,
        report,
        Kind.FOREIGN_DATA_WRAPPER,
        WRAPPERS,
        "pg_foreign_data_wrapper",
        "fdwoptions");
    change(connection, report, Kind.FOREIGN_SERVER, SERVERS, "pg_foreign_server", "srvoptions");
    change(connection, report, Kind.USER_MAPPING, USER_MAPPINGS, "pg_user_mapping", "umoptions");
  }

  private static void change(
      Connection connection, Report report, Kind kind, String query, String catalog, String column)
      throws SQLException {
    List<Row> rows = rows(connection, query);
    for (Row row : rows) {
      ForeignOptions options =
          kind == Kind.USER_MAPPING
              ? ForeignOptions.ofUserMapping(row.options())
              : ForeignOptions.ofServer(row.options(), row.libpq());
      if (options.isChanged()) {
        write(connection, catalog, column, row.oid(), options.options());
      }
      report.found(kind, row.name(), action(kind, options));
    }
    OldRows.remove(connection, catalog); // also of those that production has dropped
  }

  private static String action(Kind kind, ForeignOptions options) {
    if (!options.isChanged()) {
      return "kept: nothing in it leads anywhere";
    }
    String names = String.join(", ", new TreeSet<>(options.changed()));
    return kind == Kind.USER_MAPPING
        ? "taken out: " + names
        : "made to lead nowhere, by its options " + names;
  }

  private static List<Row> rows(Connection connection, String query) throws SQLException {
    List<Row> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        Array options = rows.getArray(3);
        all.add(
            new Row(
                rows.getLong(1),
                rows.getString(2),
                options == null ? List.of() : List.of((String[]) options.getArray()),
                rows.getBoolean(4)));
      }
    }
    return all;
  }

  private static void write(
      Connection connection, String catalog, String column, long oid, List<String> options)
      throws SQLException {
    String update =
        "UPDATE pg_catalog.%s SET %s = nullif(?::pg_catalog.text[], '{}') WHERE oid = ?::bigint::oid"
            .formatted(catalog, column);
    try (PreparedStatement statement = connection.prepareStatement(update)) {
      statement.setArray(1, connection.createArrayOf("text", options.toArray()));
      statement.setLong(2, oid);
      statement.executeUpdate();
    }
  }
}
