package dev.understudy.proxy.console;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One expression of a select list.
 *
 * @param name of the column, as PostgreSQL finds one
 * @param attribute of a catalog that it shows, or the function that makes something of one; null:
 *     it shows something else
 */
record OutputColumn(String name, @Nullable String attribute) {
  private static final String NAMELESS = "?column?";

  OutputColumn {
    requireNonNull(name, "name is null");
  }

  /** Whether it stands for all columns of something. */
  static boolean isStar(List<SqlToken> expression) {
    return !expression.isEmpty()
        && expression.getLast().isSymbol('*')
        && (expression.size() == 1 || expression.get(expression.size() - 2).isSymbol('.'));
  }

  static OutputColumn of(List<SqlToken> expression) {
    int size = expression.size();
    if (size >= 2 && expression.getLast().isName() && expression.get(size - 2).is("as")) {
      return new OutputColumn(
          expression.getLast().text(), attribute(expression.subList(0, size - 2)));
    }
    if (size >= 2 && isAlias(expression.getLast(), expression.get(size - 2))) {
      return new OutputColumn(
          expression.getLast().text(), attribute(expression.subList(0, size - 1)));
    }
    List<SqlToken> bare = withoutCasts(expression);
    String attribute = attribute(bare);
    return new OutputColumn(attribute == null ? nameOf(bare) : attribute, attribute);
  }

  private static boolean isAlias(SqlToken last, SqlToken before) {
    return last.isName()
        && !last.is("end")
        && switch (before.kind()) {
          case WORD, NAME, TEXT, NUMBER, PARAMETER -> true;
          case SYMBOL -> before.isSymbol(')') || before.isSymbol(']');
        };
  }

  /** Null unless it is a name, or a name of a relation and one of its columns, or a call. */
  private static @Nullable String attribute(List<SqlToken> expression) {
    List<SqlToken> bare = withoutCasts(expression);
    int call = !bare.isEmpty() && bare.getLast().isSymbol(')') ? opening(bare) : -1;
    if (call > 0) {
      return attribute(bare.subList(0, call));
    }
    for (int i = 0; i < bare.size(); i++) {
      if (i % 2 == 0 ? !bare.get(i).isName() : !bare.get(i).isSymbol('.')) {
        return null;
      }
    }
    return bare.size() % 2 == 1 ? bare.getLast().text() : null;
  }

  private static List<SqlToken> withoutCasts(List<SqlToken> expression) {
    int depth = 0;
    for (int i = 0; i + 1 < expression.size(); i++) {
      SqlToken token = expression.get(i);
      if (token.isSymbol('(')) {
        depth++;
      } else if (token.isSymbol(')')) {
        depth--;
      } else if (depth == 0
          && i > 0
          && token.isSymbol(':')
          && expression.get(i + 1).isSymbol(':')) {
        return expression.subList(0, i);
      }
    }
    return expression;
  }

  private static String nameOf(List<SqlToken> expression) {
    if (expression.isEmpty()) {
      return NAMELESS;
    }
    if (expression.getFirst().is("case")) {
      return "case";
    }
    int call = expression.getLast().isSymbol(')') ? opening(expression) : -1;
    return call > 0 && expression.get(call - 1).isName()
        ? expression.get(call - 1).text()
        : NAMELESS;
  }

  /** Of the bracket that closes it. */
  private static int opening(List<SqlToken> expression) {
    int depth = 0;
    for (int i = expression.size() - 1; i >= 0; i--) {
      SqlToken token = expression.get(i);
      if (token.isSymbol(')')) {
        depth++;
      } else if (token.isSymbol('(') && --depth == 0) {
        return i;
      }
    }
    return -1;
  }
}
