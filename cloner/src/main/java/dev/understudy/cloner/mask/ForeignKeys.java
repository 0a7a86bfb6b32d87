package dev.understudy.cloner.mask;

import dev.understudy.cloner.mask.Relation.Column;
import dev.understudy.config.MaskRule;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Foreign keys must hold in clones as in production, although nothing checks them in between. */
final class ForeignKeys {
  private static final String ALL =
      "SELECT conname, conrelid, confrelid, conkey, confkey FROM pg_constraint"
          + " WHERE contype = 'f' AND conparentid = 0 ORDER BY conname";

  private final Catalogue catalogue;
  private final MaskPlan plan;
  private final List<String> problems = new ArrayList<>();

  private ForeignKeys(Catalogue catalogue, MaskPlan plan) {
    this.catalogue = catalogue;
    this.plan = plan;
  }

  /** What would break them, in words. */
  static List<String> problems(Connection connection, Catalogue catalogue, MaskPlan plan)
      throws SQLException {
    ForeignKeys keys = new ForeignKeys(catalogue, plan);
    Query.rows(
        connection,
        row -> {
          keys.check(
              row.getString(1),
              row.getLong(2),
              row.getLong(3),
              numbers(row.getArray(4)),
              numbers(row.getArray(5)));
          return null;
        },
        ALL);
    return keys.problems;
  }

  private static List<Integer> numbers(Array array) throws SQLException {
    List<Integer> numbers = new ArrayList<>();
    for (Object number : (Object[]) array.getArray()) {
      numbers.add(((Number) number).intValue());
    }
    return numbers;
  }

  private void check(
      String constraint, long from, long to, List<Integer> fromKey, List<Integer> toKey) {
    Relation referencing = catalogue.numbered(from);
    Relation referenced = catalogue.numbered(to);
    if (referencing == null || referenced == null) {
      return;
    }
    if (plan.truncated().contains(referencing)) {
      return;
    }
    if (plan.truncated().contains(referenced)) {
      problems.add(
          "%s cannot be emptied alone: %s refers to it; empty that, too"
              .formatted(referenced.name(), referencing.name()));
      return;
    }
    for (int i = 0; i < fromKey.size(); i++) {
      check(
          constraint,
          referencing,
          column(referencing, fromKey.get(i)),
          referenced,
          column(referenced, toKey.get(i)));
    }
  }

  private void check(
      String constraint,
      Relation referencing,
      @Nullable Column from,
      Relation referenced,
      @Nullable Column to) {
    if (from == null || to == null) {
      return;
    }
    MaskRule own = plan.changing(referencing, from);
    MaskRule other = plan.changing(referenced, to);
    if (own instanceof MaskRule.Null || (own == null && other == null)) {
      return;
    }
    if (own == null || !own.equals(other) || !from.type().equals(to.type())) {
      problems.add(
          "the foreign key %s would break: %s.%s refers to %s.%s; both need the same rule%s"
              .formatted(
                  constraint,
                  referencing.name(),
                  from.name(),
                  referenced.name(),
                  to.name(),
                  from.type().equals(to.type()) ? "" : " and the same type"));
    }
  }

  private static @Nullable Column column(Relation relation, int number) {
    return relation.columns().values().stream()
        .filter(column -> column.number() == number)
        .findFirst()
        .orElse(null);
  }
}
