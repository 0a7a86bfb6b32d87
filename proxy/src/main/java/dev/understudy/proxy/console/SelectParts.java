package dev.understudy.proxy.console;

import dev.understudy.proxy.console.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A SELECT taken apart: what it shows, and the rest. Of several that are united it is the first.
 *
 * @param expressions of the select list, each without the comma
 * @param rest from FROM on; empty: it has none
 * @param parameters the highest that any part of it names
 */
record SelectParts(List<List<SqlToken>> expressions, List<SqlToken> rest, int parameters) {
  private static final int MOST_PARAMETERS = 1_000;

  private static final Set<String> AGGREGATES =
      Set.of(
          "array_agg",
          "avg",
          "bool_and",
          "bool_or",
          "count",
          "every",
          "json_agg",
          "json_object_agg",
          "jsonb_agg",
          "jsonb_object_agg",
          "max",
          "min",
          "string_agg",
          "sum");

  SelectParts {
    expressions = List.copyOf(expressions);
    rest = List.copyOf(rest);
  }

  /** Null: it is something else. */
  static @Nullable SelectParts of(List<SqlToken> tokens) {
    if (tokens.isEmpty() || !(tokens.getFirst().is("select") || tokens.getFirst().is("with"))) {
      return null;
    }
    int begin = atTop(tokens, 0, "select");
    if (begin < 0) {
      return null;
    }
    int from = atTop(tokens, begin + 1, "from");
    List<List<SqlToken>> expressions =
        expressions(tokens, begin + 1, from < 0 ? tokens.size() : from);
    int parameters =
        tokens.stream()
            .filter(token -> token.kind() == Kind.PARAMETER)
            .mapToInt(SelectParts::number)
            .max()
            .orElse(0);
    return new SelectParts(
        expressions, from < 0 ? List.of() : tokens.subList(from + 1, tokens.size()), parameters);
  }

  private static int number(SqlToken parameter) {
    String digits = parameter.text();
    boolean isNumber =
        !digits.isEmpty() && digits.length() <= 4 && digits.chars().allMatch(Character::isDigit);
    return isNumber ? Math.min(Integer.parseInt(digits), MOST_PARAMETERS) : 0;
  }

  /** Where that word stands in no brackets, and for what it says; -1: nowhere. */
  private static int atTop(List<SqlToken> tokens, int begin, String word) {
    int depth = 0;
    for (int i = begin; i < tokens.size(); i++) {
      SqlToken token = tokens.get(i);
      if (token.isSymbol('(')) {
        depth++;
      } else if (token.isSymbol(')')) {
        depth--;
      } else if (depth == 0 && token.is(word) && !isOfComparison(tokens, i)) {
        return i;
      }
    }
    return -1;
  }

  /** {@code IS DISTINCT FROM}. */
  private static boolean isOfComparison(List<SqlToken> tokens, int from) {
    return from >= 2
        && tokens.get(from - 1).is("distinct")
        && (tokens.get(from - 2).is("is") || tokens.get(from - 2).is("not"));
  }

  private static List<List<SqlToken>> expressions(List<SqlToken> tokens, int begin, int end) {
    List<List<SqlToken>> expressions = new ArrayList<>();
    int depth = 0;
    int start = afterDistinct(tokens, begin, end);
    for (int i = start; i < end; i++) {
      SqlToken token = tokens.get(i);
      if (token.isSymbol('(') || token.isSymbol('[')) {
        depth++;
      } else if (token.isSymbol(')') || token.isSymbol(']')) {
        depth--;
      } else if (depth == 0 && token.isSymbol(',')) {
        expressions.add(List.copyOf(tokens.subList(start, i)));
        start = i + 1;
      }
    }
    expressions.add(List.copyOf(tokens.subList(Math.min(start, end), end)));
    return expressions;
  }

  private static int afterDistinct(List<SqlToken> tokens, int begin, int end) {
    if (begin >= end || !(tokens.get(begin).is("distinct") || tokens.get(begin).is("all"))) {
      return begin;
    }
    if (begin + 2 >= end || !tokens.get(begin + 1).is("on")) {
      return begin + 1;
    }
    int depth = 0;
    for (int i = begin + 2; i < end; i++) {
      if (tokens.get(i).isSymbol('(')) {
        depth++;
      } else if (tokens.get(i).isSymbol(')') && --depth == 0) {
        return i + 1;
      }
    }
    return end;
  }

  /** Whether it is about a system catalog, somewhere. */
  boolean namesCatalog() {
    return rest.stream().anyMatch(SelectParts::isCatalog)
        || (isExistence() && expressions.getFirst().stream().anyMatch(SelectParts::isCatalog));
  }

  private static boolean isCatalog(SqlToken token) {
    return token.isName()
        && (token.text().startsWith("pg_")
            || token.text().equals("information_schema")
            || token.text().equals("current_schemas"));
  }

  /** Whether it begins with that catalog. */
  boolean isOf(String catalog) {
    int name = rest.size() > 2 && rest.get(1).isSymbol('.') ? 2 : 0;
    return rest.size() > name && rest.get(name).is(catalog);
  }

  /** Whether it is one row, of what there is: it shows aggregates of all and nothing else. */
  boolean isAggregate() {
    return atTop(rest, 0, "group") < 0 && expressions.stream().allMatch(SelectParts::isAggregate);
  }

  private static boolean isAggregate(List<SqlToken> expression) {
    int name = expression.size() > 2 && expression.get(1).isSymbol('.') ? 2 : 0;
    return expression.size() > name + 1
        && expression.get(name).kind() == Kind.WORD
        && AGGREGATES.contains(expression.get(name).text())
        && expression.get(name + 1).isSymbol('(')
        && expression.stream().noneMatch(token -> token.is("over"));
  }

  /** Whether it shows if there is something, and nothing else. */
  boolean isExistence() {
    return expressions.size() == 1
        && !expressions.getFirst().isEmpty()
        && expressions.getFirst().getFirst().is("exists");
  }

  /** Whether that stands somewhere as a text. */
  boolean names(String name) {
    return rest.stream().anyMatch(token -> token.kind() == Kind.TEXT && token.text().equals(name));
  }

  /** The text that {@code name} is to equal, where that is the whole condition; else null. */
  @Nullable String onlyName() {
    int where = atTop(rest, 0, "where");
    boolean isOnly =
        where >= 0
            && rest.size() == where + 4
            && rest.get(where + 1).is("name")
            && rest.get(where + 2).isSymbol('=')
            && rest.get(where + 3).kind() == Kind.TEXT;
    return isOnly ? rest.get(where + 3).text() : null;
  }

  /** False if it names something else, as far as that can be told. */
  boolean mayBeAbout(String name) {
    boolean namesOthers = false;
    for (SqlToken token : rest) {
      if (token.kind() == Kind.TEXT) {
        if (token.text().equals(name)) {
          return true;
        }
        namesOthers = true;
      }
    }
    return !namesOthers;
  }
}
