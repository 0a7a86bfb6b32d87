package dev.understudy.cloner.mask;

import dev.understudy.cloner.mask.Relation.Column;
import dev.understudy.cloner.postgres.SqlText;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What ANALYZE has learnt of values that are no more: forgotten, and learnt anew where production
 * knew something. The planner's knowledge of everything else stays production's, but for what was
 * learnt of values in other places, by way of foreign tables: no rule reaches those, and nobody can
 * ask for others here.
 */
final class LearntValues {
  private final Connection connection;
  private final Catalogue catalogue;
  private final Map<Relation, Set<Column>> changed = new LinkedHashMap<>();
  private final List<String> learning = new ArrayList<>();
  private final Set<Relation> unlearnt = new LinkedHashSet<>();

  LearntValues(Connection connection, Catalogue catalogue) {
    this.connection = connection;
    this.catalogue = catalogue;
  }

  /** Also of the tables that it is part of. What is generated from others has changed with them. */
  void changed(Relation relation, Collection<Column> columns) {
    Set<String> names = columns.stream().map(Column::name).collect(Collectors.toSet());
    for (Relation concerned : catalogue.withAncestors(relation)) {
      Set<Column> all = changed.computeIfAbsent(concerned, _ -> new LinkedHashSet<>());
      for (Column column : concerned.columns().values()) {
        if (column.generated() || names.contains(column.name())) {
          all.add(column);
        }
      }
    }
  }

  /** In all of its columns. */
  void changed(Relation relation) {
    changed(relation, relation.columns().values());
  }

  /**
   * Forgets all of it, before anything is made anew that may show statistics.
   *
   * @return true if extended statistics were among it, whose catalog holds their old rows yet
   */
  boolean forget() throws SQLException {
    boolean extended = false;
    for (Map.Entry<Relation, Set<Column>> one : changed.entrySet()) {
      extended |= forget(one.getKey(), one.getValue());
    }
    for (Relation relation : catalogue.relations()) {
      if (relation.isForeign() || catalogue.hasForeignBelow(relation)) {
        extended |= forgetElsewhere(relation);
      }
    }
    return extended;
  }

  private boolean forgetElsewhere(Relation relation) throws SQLException {
    int known =
        Query.update(
            connection,
            "DELETE FROM pg_statistic WHERE starelid = ? AND (stainherit OR ?)",
            relation.oid(),
            relation.isForeign());
    int ofCombinations = forgetCombinations(relation);
    if (known + ofCombinations > 0) {
      unlearnt.add(relation);
    }
    return ofCombinations > 0;
  }

  private int forgetCombinations(Relation relation) throws SQLException {
    return Query.update(
        connection,
        "DELETE FROM pg_statistic_ext_data WHERE stxoid IN"
            + " (SELECT oid FROM pg_statistic_ext WHERE stxrelid = ?)",
        relation.oid());
  }

  private boolean forget(Relation relation, Set<Column> columns) throws SQLException {
    int known =
        Query.update(
            connection,
            "DELETE FROM pg_statistic WHERE starelid = ? AND staattnum = ANY (?)",
            relation.oid(),
            Query.array(connection, columns.stream().map(Column::number).toList()));
    int ofIndexes =
        Query.update(
            connection,
            "DELETE FROM pg_statistic WHERE starelid IN"
                + " (SELECT indexrelid FROM pg_index WHERE indrelid = ?)",
            relation.oid());
    int ofCombinations = forgetCombinations(relation);
    if (catalogue.hasForeignBelow(relation)) {
      if (known + ofIndexes + ofCombinations > 0) {
        unlearnt.add(relation);
      }
    } else if (ofIndexes + ofCombinations > 0) {
      learning.add("ANALYZE " + relation.sql());
    } else if (known > 0) {
      learning.add("ANALYZE " + relation.sql() + list(columns));
    }
    return ofCombinations > 0;
  }

  /** What stays without some of what production knew of it. */
  Set<Relation> unlearnt() {
    return unlearnt;
  }

  /** Learns anew what was forgotten. */
  void renew() throws SQLException {
    Query.execute(connection, learning.toArray(String[]::new));
  }

  private static String list(Collection<Column> columns) {
    List<String> names = columns.stream().map(column -> SqlText.identifier(column.name())).toList();
    return " (" + String.join(", ", names) + ")";
  }
}
