package dev.understudy.cloner.mask;

import dev.understudy.cloner.mask.Relation.Column;
import dev.understudy.config.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The relations of one database that are not PostgreSQL's own, and who inherits from whom. */
final class Catalogue {
  private static final String OWN =
      " NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname !~"
          + " '^pg_(toast_)?temp_'";

  private static final String RELATIONS =
      """
      SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispopulated,
        (SELECT array_agg(k) FROM unnest(p.partattrs) AS k)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_partitioned_table p ON p.partrelid = c.oid
      WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND n.nspname\
      """
          + OWN
          + " ORDER BY n.nspname, c.relname";

  private static final String COLUMNS =
      """
      WITH RECURSIVE below (type, base, modifier, required) AS (
        SELECT oid, typbasetype, typtypmod, typnotnull FROM pg_type WHERE typtype = 'd'
        UNION ALL
        SELECT b.type, t.typbasetype,
          CASE WHEN b.modifier < 0 THEN t.typtypmod ELSE b.modifier END, b.required OR t.typnotnull
        FROM below b JOIN pg_type t ON t.oid = b.base WHERE t.typtype = 'd'),
      domain AS (
        SELECT b.* FROM below b JOIN pg_type t ON t.oid = b.base WHERE t.typtype <> 'd'),
      col AS (
        SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
          coalesce(d.base, a.atttypid) AS base,
          CASE WHEN a.atttypmod < 0 THEN coalesce(d.modifier, -1) ELSE a.atttypmod END AS modifier,
          a.attnotnull OR coalesce(d.required, false) AS required, a.attgenerated <> '' AS generated
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN domain d ON d.type = a.atttypid
        WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm', 'v', 'f')
          AND n.nspname\
      """
          + OWN
          + """
          )
          SELECT col.attrelid, col.attnum, col.attname, col.type, col.required, col.generated,
            coalesce(e.typname, b.typname), col.modifier,
            CASE WHEN e.oid IS NOT NULL THEN format_type(e.oid, col.modifier) ELSE '' END
          FROM col JOIN pg_type b ON b.oid = col.base
            LEFT JOIN pg_type e ON b.typcategory = 'A' AND b.typlen = -1 AND e.oid = b.typelem
          ORDER BY col.attrelid, col.attnum\
          """;

  private final Map<Long, Relation> byOid = new LinkedHashMap<>();
  private final Map<TableName, Relation> byName = new HashMap<>();
  private final Map<Long, Set<Long>> children = new HashMap<>();
  private final Map<Long, Set<Long>> parents = new HashMap<>();

  private Catalogue() {}

  /** Of the database that is connected to, whose session must have {@code pg_catalog} first. */
  static Catalogue read(Connection connection) throws SQLException {
    Catalogue catalogue = new Catalogue();
    Map<Long, Map<String, Column>> columns = new HashMap<>();
    Query.rows(
        connection,
        row -> {
          Column column =
              new Column(
                  row.getInt(2), row.getString(3), type(row), row.getBoolean(5), row.getBoolean(6));
          columns
              .computeIfAbsent(row.getLong(1), _ -> new LinkedHashMap<>())
              .put(column.name(), column);
          return null;
        },
        COLUMNS);
    for (Relation relation : Query.rows(connection, row -> relation(row, columns), RELATIONS)) {
      catalogue.byOid.put(relation.oid(), relation);
      catalogue.byName.put(relation.name(), relation);
    }
    Query.rows(
        connection,
        row -> {
          long child = row.getLong(1);
          long parent = row.getLong(2);
          catalogue.children.computeIfAbsent(parent, _ -> new LinkedHashSet<>()).add(child);
          catalogue.parents.computeIfAbsent(child, _ -> new LinkedHashSet<>()).add(parent);
          return null;
        },
        "SELECT inhrelid, inhparent FROM pg_inherits ORDER BY inhparent, inhrelid");
    return catalogue;
  }

  private static ColumnType type(ResultSet row) throws SQLException {
    return ColumnType.of(row.getString(4), row.getString(9), row.getString(7), row.getInt(8));
  }

  private static Relation relation(ResultSet row, Map<Long, Map<String, Column>> columns)
      throws SQLException {
    Set<Integer> key = new HashSet<>();
    if (row.getArray(6) != null) {
      for (Object number : (Object[]) row.getArray(6).getArray()) {
        key.add(((Number) number).intValue());
      }
    }
    return new Relation(
        row.getLong(1),
        new TableName(row.getString(2), row.getString(3)),
        row.getString(4).charAt(0),
        row.getBoolean(5),
        Set.copyOf(key),
        columns.getOrDefault(row.getLong(1), Map.of()));
  }

  Collection<Relation> relations() {
    return byOid.values();
  }

  @Nullable Relation named(TableName name) {
    return byName.get(name);
  }

  @Nullable Relation numbered(long oid) {
    return byOid.get(oid);
  }

  /** True if it is a partition, or inherits. */
  boolean hasParent(Relation relation) {
    return parents.containsKey(relation.oid());
  }

  /** Itself, and all that are partitions of it or inherit from it. */
  List<Relation> withDescendants(Relation relation) {
    return reached(relation, children);
  }

  /** True if rows of it are elsewhere: statements that read it all ask foreign servers. */
  boolean hasForeignBelow(Relation relation) {
    return withDescendants(relation).stream()
        .anyMatch(below -> below.isForeign() && !below.equals(relation));
  }

  /** Itself, and all that it is a partition of or inherits from. */
  List<Relation> withAncestors(Relation relation) {
    return reached(relation, parents);
  }

  private List<Relation> reached(Relation from, Map<Long, Set<Long>> edges) {
    Set<Long> seen = new LinkedHashSet<>(Set.of(from.oid()));
    Deque<Long> waiting = new ArrayDeque<>(seen);
    while (!waiting.isEmpty()) {
      for (long next : edges.getOrDefault(waiting.remove(), Set.of())) {
        if (seen.add(next)) {
          waiting.add(next);
        }
      }
    }
    return seen.stream().map(byOid::get).filter(found -> found != null).toList();
  }
}
