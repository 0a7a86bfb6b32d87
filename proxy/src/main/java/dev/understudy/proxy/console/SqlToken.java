package dev.understudy.proxy.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a statement, as far as it must be told apart from others to find where its parts begin
 * and end.
 *
 * @param text a word in lower case; a name or a text without its quotes
 */
record SqlToken(Kind kind, String text) {
  enum Kind {
    WORD,
    /** In double quotes. */
    NAME,
    /** In single quotes. */
    TEXT,
    NUMBER,
    /** {@code $1}; its text is the number. */
    PARAMETER,
    /** One character of anything else. */
    SYMBOL
  }

  boolean is(String word) {
    return kind == Kind.WORD && text.equals(word);
  }

  boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && text.charAt(0) == symbol;
  }

  boolean isName() {
    return kind == Kind.WORD || kind == Kind.NAME;
  }

  /** All of a statement without comments, in one pass. */
  static List<SqlToken> of(String statement) {
    List<SqlToken> tokens = new ArrayList<>();
    int at = 0;
    while (at < statement.length()) {
      char first = statement.charAt(at);
      int end = end(statement, at, first);
      SqlToken token = token(statement, at, end, first);
      if (token != null) {
        tokens.add(token);
      }
      at = end;
    }
    return tokens;
  }

  private static int end(String statement, int at, char first) {
    if (first == '\'' || first == '"') {
      int quote = statement.indexOf(first, at + 1);
      return quote < 0 ? statement.length() : quote + 1;
    }
    int end = at + 1;
    if (isOfWord(first) || first == '$') {
      while (end < statement.length() && isOfWord(statement.charAt(end))) {
        end++;
      }
    }
    return end;
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private static @Nullable SqlToken token(String statement, int at, int end, char first) {
    if (Character.isWhitespace(first)) {
      return null;
    }
    String text = statement.substring(at, end);
    if (first == '\'' || first == '"') {
      String inside = text.length() < 2 ? "" : text.substring(1, text.length() - 1);
      return new SqlToken(first == '"' ? Kind.NAME : Kind.TEXT, inside);
    }
    if (first == '$' && text.length() > 1) {
      return new SqlToken(Kind.PARAMETER, text.substring(1));
    }
    if (Character.isDigit(first)) {
      return new SqlToken(Kind.NUMBER, text);
    }
    return isOfWord(first)
        ? new SqlToken(Kind.WORD, text.toLowerCase(Locale.ROOT))
        : new SqlToken(Kind.SYMBOL, text);
  }
}
