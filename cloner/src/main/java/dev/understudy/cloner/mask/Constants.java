package dev.understudy.cloner.mask;

import dev.understudy.cloner.mask.Relation.Column;
import dev.understudy.cloner.postgres.SqlText;
import dev.understudy.config.MaskRule;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Constants of rules, read by PostgreSQL before there is anything to lose. */
final class Constants {
  private Constants() {}

  /** Those that are no values of their column's type, in words. */
  static List<String> problems(Connection connection, MaskPlan plan) {
    List<String> problems = new ArrayList<>();
    plan.masked()
        .forEach((relation, rules) ->
            rules.forEach((column, rule) -> {
              if (rule instanceof MaskRule.Constant constant
                  && !fits(connection, constant, column)) {
                problems.add(
                    "the constant of %s.%s is no value of its type %s"
                        .formatted(relation.name(), column.name(), column.type().sql()));
              }
            }));
    return problems;
  }

  private static boolean fits(Connection connection, MaskRule.Constant constant, Column column) {
    try {
      Query.execute(
          connection, "SELECT " + SqlText.literal(constant.text()) + "::" + column.type().sql());
      return true;
    } catch (SQLException e) {
      return false;
    }
  }
}
