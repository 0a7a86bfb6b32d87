package dev.understudy.cloner.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What can be seen of a database: its catalogs row by row, its tables by count and checksum. */
public final class Portrait {
  /**
   * Columns that tell where and when a row was written, and what a snapshot is meant to change.
   * Without columns: not looked at.
   */
  private static final Map<String, List<String>> LEFT_OUT =
      Map.ofEntries(
          Map.entry("pg_class", List.of("relfilenode", "relfrozenxid", "relminmxid")),
          Map.entry("pg_database", List.of("datfrozenxid", "datminmxid")),
          Map.entry("pg_authid", List.of("rolpassword")),
          Map.entry("pg_foreign_server", List.of()),
          Map.entry("pg_user_mapping", List.of()),
          Map.entry("pg_subscription", List.of()),
          Map.entry("pg_subscription_rel", List.of()),
          Map.entry("pg_replication_origin", List.of()),
          Map.entry("pg_statistic", List.of()),
          Map.entry("pg_statistic_ext_data", List.of()));

  /**
   * Written anew by the removal of passwords, of ways to other servers and of what was temporary.
   */
  private static final String REWRITTEN =
      """
      (SELECT unnest(array_cat(ARRAY[c.oid, c.reltoastrelid], ARRAY(SELECT indexrelid FROM pg_index
          WHERE indrelid IN (c.oid, c.reltoastrelid))))
        FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relname IN
          ('pg_authid', 'pg_class', 'pg_foreign_data_wrapper', 'pg_foreign_server',
           'pg_foreign_table', 'pg_statistic', 'pg_statistic_ext_data', 'pg_subscription',
           'pg_user_mapping'))\
      """;

  private final Connection connection;
  private final SortedMap<String, List<String>> parts = new TreeMap<>();

  private Portrait(Connection connection) {
    this.connection = connection;
  }

  /**
   * @param connection a superuser's
   * @param unlogged tables whose content is not looked at
   */
  public static SortedMap<String, List<String>> of(Connection connection, Set<String> unlogged)
      throws SQLException {
    Portrait portrait = new Portrait(connection);
    portrait.catalogs();
    portrait.sizes();
    portrait.statistics();
    portrait.tables(unlogged);
    portrait.sequences();
    return portrait.parts;
  }

  private void catalogs() throws SQLException {
    List<String> catalogs =
        rows(
            connection,
            "SELECT relname FROM pg_class WHERE relkind = 'r'"
                + " AND relnamespace = 'pg_catalog'::regnamespace");
    for (String catalog : catalogs) {
      List<String> columns = LEFT_OUT.get(catalog);
      if (columns == null) {
        put(catalog, "SELECT t::text FROM pg_catalog." + catalog + " t ORDER BY 1");
      } else if (!columns.isEmpty()) {
        List<String> all = new ArrayList<>(columns);
        if (catalog.equals("pg_class")) {
          all.addAll(List.of("relpages", "reltuples", "relallvisible", "relallfrozen"));
        }
        put(
            catalog,
            "SELECT (to_jsonb(t) - ARRAY['%s'])::text FROM pg_catalog.%s t ORDER BY 1"
                .formatted(String.join("', '", all), catalog));
      }
    }
  }

  private void sizes() throws SQLException {
    put(
        "sizes that the planner knows",
        "SELECT oid::regclass::text, relpages, reltuples, relallvisible,"
            + " to_jsonb(pg_class) -> 'relallfrozen' FROM pg_class"
            + " WHERE relkind IN ('r', 'i', 'm', 't', 'p') AND relpersistence <> 'u'"
            + " AND oid NOT IN "
            + REWRITTEN
            + " ORDER BY 1");
    put(
        "blocks that the planner counts",
        "SELECT oid::regclass::text, pg_relation_size(oid) FROM pg_class"
            + " WHERE relkind IN ('r', 'i', 'm') AND relpersistence <> 'u'"
            + " AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)"
            + " ORDER BY 1");
  }

  private void statistics() throws SQLException {
    put(
        "pg_statistic",
        "SELECT s::text FROM pg_statistic s WHERE starelid NOT IN " + REWRITTEN + " ORDER BY 1");
    put("pg_stats_ext", "SELECT s::text FROM pg_stats_ext s ORDER BY 1");
  }

  private void tables(Set<String> unlogged) throws SQLException {
    List<String> tables =
        rows(
            connection,
            "SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'm')"
                + " AND relnamespace NOT IN ('pg_catalog'::regnamespace,"
                + " 'information_schema'::regnamespace)");
    for (String table : tables) {
      if (!unlogged.contains(table)) {
        put(
            "rows of " + table,
            "SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM ONLY %s t"
                .formatted(table));
      }
    }
  }

  private void sequences() throws SQLException {
    List<String> sequences =
        rows(
            connection,
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'S'"
                + " AND relpersistence <> 'u'");
    for (String sequence : sequences) {
      put("sequence " + sequence, "SELECT last_value, is_called FROM " + sequence);
    }
  }

  private void put(String part, String query) throws SQLException {
    parts.put(part, rows(connection, query));
  }

  /** Columns of a row with a bar between them. */
  public static List<String> rows(Connection connection, String query) throws SQLException {
    List<String> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(String.valueOf(rows.getString(column)));
        }
        all.add(String.join("|", row));
      }
    }
    return all;
  }

  /** Adds what differs of two portraits, of which none lacks a part. */
  public static void compare(
      List<String> differences,
      SortedMap<String, List<String>> there,
      SortedMap<String, List<String>> production) {
    assertThat(there.keySet()).isEqualTo(production.keySet());
    production.forEach(
        (part, rows) -> compare(differences, part, there.getOrDefault(part, List.of()), rows));
  }

  /** Names only what differs: a catalog has thousands of rows. */
  public static void compare(
      List<String> differences, String part, List<String> there, List<String> production) {
    List<String> added = new ArrayList<>(there);
    production.forEach(added::remove);
    List<String> missing = new ArrayList<>(production);
    there.forEach(missing::remove);
    added.forEach(row -> differences.add(part + ", only in the clone: " + row));
    missing.forEach(row -> differences.add(part + ", only in production: " + row));
    if (added.isEmpty() && missing.isEmpty() && !there.equals(production)) {
      differences.add(part + ": in another order");
    }
  }
}
