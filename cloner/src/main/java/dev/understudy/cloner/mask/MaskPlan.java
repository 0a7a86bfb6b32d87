package dev.understudy.cloner.mask;

import dev.understudy.cloner.mask.Relation.Column;
import dev.understudy.config.ColumnName;
import dev.understudy.config.DatabaseMask;
import dev.understudy.config.MaskRule;
import dev.understudy.config.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one database, each found to concern a relation that exists and can take it, with
 * their partitions and children.
 *
 * @param masked what rows lie in, with the rules of its columns, {@code keep} among them
 * @param truncated tables and materialized views
 * @param problems what cannot be, in words; if there are any, the rest is of no use
 */
record MaskPlan(
    Map<Relation, Map<Column, MaskRule>> masked, Set<Relation> truncated, List<String> problems) {

  static MaskPlan of(Catalogue catalogue, DatabaseMask mask) {
    MaskPlan plan = new MaskPlan(new LinkedHashMap<>(), new LinkedHashSet<>(), new ArrayList<>());
    for (TableName name : mask.truncated()) {
      plan.truncate(catalogue, name);
    }
    mask.columns().forEach((name, rule) -> plan.rule(catalogue, name, rule));
    return plan;
  }

  private void truncate(Catalogue catalogue, TableName name) {
    Relation relation = catalogue.named(name);
    if (relation == null) {
      problems.add("there is no table " + name);
    } else if (relation.isMaterializedView()) {
      truncated.add(relation);
    } else if (relation.isTable()) {
      catalogue.withDescendants(relation).stream()
          .filter(Relation::isTable)
          .forEach(truncated::add);
    } else {
      problems.add(name + " is " + relation.kindName());
    }
  }

  private void rule(Catalogue catalogue, ColumnName name, MaskRule rule) {
    Relation relation = catalogue.named(name.table());
    if (relation == null) {
      problems.add("there is no table " + name.table() + ", of which " + name + " is a column");
      return;
    }
    Column column = relation.column(name.column());
    if (column == null) {
      problems.add("there is no column " + name);
      return;
    }
    String refusal = refusal(catalogue, relation, column, rule);
    if (refusal != null) {
      problems.add(name + " " + refusal);
      return;
    }
    for (Relation concerned : catalogue.withDescendants(relation)) {
      Column own = concerned.column(name.column());
      if (own != null && (concerned.stores() || concerned.equals(relation))) {
        put(concerned, own, rule);
      }
    }
  }

  private void put(Relation relation, Column column, MaskRule rule) {
    MaskRule other =
        masked.computeIfAbsent(relation, _ -> new LinkedHashMap<>()).putIfAbsent(column, rule);
    if (other != null && !other.equals(rule)) {
      problems.add(
          "%s.%s has another rule than the table that it inherits from or is a partition of"
              .formatted(relation.name(), column.name()));
    }
  }

  private static @Nullable String refusal(
      Catalogue catalogue, Relation relation, Column column, MaskRule rule) {
    if (rule instanceof MaskRule.Keep) {
      return null;
    }
    if (!relation.isTable()) {
      return "is a column of " + relation.kindName();
    }
    if (column.generated()) {
      return "is generated from other columns; give those a rule";
    }
    if (rule instanceof MaskRule.Null && column.notNull()) {
      return "is NOT NULL; write another rule";
    }
    if (isPartitionKey(catalogue, relation, column)) {
      return "decides in which partition a row lies, and cannot be changed";
    }
    return new Transformation(rule, column.type()).refusal();
  }

  private static boolean isPartitionKey(Catalogue catalogue, Relation relation, Column column) {
    Set<Relation> family = new LinkedHashSet<>(catalogue.withAncestors(relation));
    family.addAll(catalogue.withDescendants(relation));
    for (Relation other : family) {
      Column same = other.column(column.name());
      if (same != null && other.partitionKey().contains(same.number())) {
        return true;
      }
    }
    return false;
  }

  /** The rule of a column; null if it has none. */
  @Nullable MaskRule ruleOf(Relation relation, Column column) {
    return masked.getOrDefault(relation, Map.of()).get(column);
  }

  /** The rule of a column that changes it. */
  @Nullable MaskRule changing(Relation relation, Column column) {
    MaskRule rule = ruleOf(relation, column);
    return rule instanceof MaskRule.Keep ? null : rule;
  }

  /** Rules that change something, of a relation that rows lie in. */
  Map<Column, MaskRule> changes(Relation relation) {
    Map<Column, MaskRule> changes = new LinkedHashMap<>(masked.getOrDefault(relation, Map.of()));
    changes.values().removeIf(MaskRule.Keep.class::isInstance);
    return changes;
  }

  /** Relations with rows that are changed by rules, and not emptied. */
  List<Relation> changed() {
    return masked.keySet().stream()
        .filter(relation -> relation.stores() && !truncated.contains(relation))
        .filter(relation -> !changes(relation).isEmpty())
        .toList();
  }

  /**
   * All whose rows are other ones afterwards: those that are changed, and those that are emptied.
   */
  Set<Relation> concerned() {
    Set<Relation> concerned = new LinkedHashSet<>(changed());
    concerned.addAll(truncated);
    return concerned;
  }
}
