package dev.understudy.cloner.source;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A connection string of {@code key = value} words, as libpq reads it: a value with blanks stands
 * in single quotes, and a backslash takes the next character as it is.
 */
final class ConnectionWords {
  private final String text;
  private int at;

  private ConnectionWords(String text) {
    this.text = text;
  }

  /**
   * Takes it apart.
   *
   * @throws IllegalArgumentException saying what is wrong; never quotes the text, which may hold a
   *     password
   */
  static Map<String, String> parse(String text) {
    return new ConnectionWords(text).parse();
  }

  private Map<String, String> parse() {
    Map<String, String> words = new LinkedHashMap<>();
    skipBlanks();
    while (at < text.length()) {
      String key = key();
      skipBlanks();
      if (at == text.length() || text.charAt(at) != '=') {
        throw new IllegalArgumentException("a word has no '='");
      }
      at++;
      skipBlanks();
      String value = value();
      // An empty value is libpq's default, as if it were not written.
      if (!value.isEmpty()) {
        words.put(key, value);
      }
      skipBlanks();
    }
    return words;
  }

  private String key() {
    int start = at;
    while (at < text.length() && text.charAt(at) != '=' && !isBlank()) {
      at++;
    }
    return text.substring(start, at);
  }

  private String value() {
    boolean quoted = at < text.length() && text.charAt(at) == '\'';
    if (quoted) {
      at++;
    }
    StringBuilder value = new StringBuilder();
    while (at < text.length() && (quoted ? text.charAt(at) != '\'' : !isBlank())) {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        at++;
      }
      value.append(text.charAt(at));
      at++;
    }
    if (quoted) {
      if (at == text.length()) {
        throw new IllegalArgumentException("a quotation mark is not closed");
      }
      at++;
    }
    return value.toString();
  }

  private void skipBlanks() {
    while (at < text.length() && isBlank()) {
      at++;
    }
  }

  private boolean isBlank() {
    return Character.isWhitespace(text.charAt(at));
  }
}
