package dev.understudy.cloner.mask;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Materialized views hold what their tables held. Each that shows something changed, be it through
 * other views, is refreshed, those below first; so is each of which that cannot be told, because a
 * function or a foreign table is between, or PostgreSQL's own catalogs, statistics among them, of
 * which no dependency is recorded.
 */
final class MaterializedViews {
  private static final String SHOWN =
      """
      SELECT DISTINCT r.ev_class, CASE WHEN d.refclassid = 'pg_class'::regclass
          THEN d.refobjid ELSE 0 END
      FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
      WHERE c.relkind IN ('v', 'm') AND d.refobjid <> r.ev_class
        AND (d.refclassid = 'pg_class'::regclass
          OR d.refclassid = 'pg_proc'::regclass AND d.refobjid >= 16384)
      UNION
      SELECT r.ev_class, 0 FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
      WHERE c.relkind IN ('v', 'm') AND c.oid >= 16384
        AND EXISTS (
          SELECT FROM regexp_matches(r.ev_action::text, ':relid ([0-9]+)', 'g') AS m (found)
          WHERE m.found[1]::bigint BETWEEN 1 AND 16383
          UNION ALL
          SELECT FROM regexp_matches(r.ev_action::text, ':funcid ([0-9]+)', 'g') AS m (found)
            JOIN pg_proc p ON p.oid = m.found[1]::oid
          WHERE p.proname ~ '_to_xml|^lo_get$|^loread$|^pg_read_')\
      """;

  /** Stands for whatever a function reads. */
  private static final long ANYTHING = 0;

  private final Catalogue catalogue;
  private final Map<Long, Set<Long>> shown = new HashMap<>();
  private final Set<Long> changed = new HashSet<>();

  private MaterializedViews(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** Those to refresh, in this order. */
  static List<Relation> stale(Connection connection, Catalogue catalogue, Set<Relation> changed)
      throws SQLException {
    MaterializedViews views = new MaterializedViews(catalogue);
    views.changed.add(ANYTHING);
    for (Relation relation : catalogue.relations()) {
      if (relation.isForeign()) {
        catalogue.withAncestors(relation).forEach(one -> views.changed.add(one.oid()));
      }
    }
    for (Relation relation : changed) {
      catalogue.withAncestors(relation).forEach(one -> views.changed.add(one.oid()));
    }
    Query.rows(
        connection,
        row -> {
          views.shown.computeIfAbsent(row.getLong(1), _ -> new TreeSet<>()).add(row.getLong(2));
          return null;
        },
        SHOWN);
    return views.concerned();
  }

  static void refresh(Connection connection, Relation view, String database) throws SQLException {
    try {
      Query.execute(connection, "REFRESH MATERIALIZED VIEW " + view.sql());
    } catch (SQLException e) {
      throw MaskFailure.of(
          "database %s: the materialized view %s could not be refreshed"
              .formatted(database, view.name()),
          "With tables { \"%s\" = truncate } it is left unpopulated."
              .formatted(view.name().toString().replace("\"", "\\\"")),
          e);
    }
  }

  private List<Relation> concerned() {
    Set<Long> ordered = new LinkedHashSet<>();
    for (Relation relation : catalogue.relations()) {
      if (relation.isMaterializedView()) {
        visit(relation.oid(), ordered, new HashSet<>());
      }
    }
    List<Relation> concerned = new ArrayList<>();
    for (long oid : ordered) {
      Relation relation = catalogue.numbered(oid);
      boolean stale = shown.getOrDefault(oid, Set.of()).stream().anyMatch(changed::contains);
      if (stale && changed.add(oid) && relation != null) {
        if (relation.isMaterializedView() && relation.populated()) {
          concerned.add(relation);
        }
      }
    }
    return concerned;
  }

  /** What a view shows comes before it. */
  private void visit(long oid, Set<Long> ordered, Set<Long> above) {
    if (ordered.contains(oid) || !above.add(oid)) {
      return;
    }
    for (long below : shown.getOrDefault(oid, Set.of())) {
      visit(below, ordered, above);
    }
    ordered.add(oid);
  }
}
