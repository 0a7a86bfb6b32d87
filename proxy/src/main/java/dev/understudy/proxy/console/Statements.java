package dev.understudy.proxy.console;

import java.util.ArrayList;
import java.util.List;

/** The statements of a text, as PostgreSQL tells them apart. */
final class Statements {
  private final String text;
  private final List<String> statements = new ArrayList<>();
  private final StringBuilder statement = new StringBuilder();
  private int position;

  private Statements(String text) {
    this.text = text;
  }

  /** Those that are not empty, without comments and semicolons. */
  static List<String> split(String text) {
    Statements split = new Statements(text);
    split.read();
    return split.statements;
  }

  private void read() {
    while (position < text.length()) {
      char next = text.charAt(position);
      if (next == '\'' || next == '"') {
        keepQuoted(next);
      } else if (text.startsWith("--", position)) {
        int end = text.indexOf('\n', position);
        skipTo(end < 0 ? text.length() : end);
      } else if (text.startsWith("/*", position)) {
        skipTo(endOfComment());
      } else if (next == ';') {
        position++;
        end();
      } else {
        statement.append(next);
        position++;
      }
    }
    end();
  }

  /** Two quotes inside end it and begin the next at once, which comes to the same. */
  private void keepQuoted(char quote) {
    int end = text.indexOf(quote, position + 1);
    if (end < 0) {
      throw new ConsoleException(
          "42601",
          quote == '\'' ? "unterminated quoted string" : "unterminated quoted identifier",
          null,
          null);
    }
    statement.append(text, position, end + 1);
    position = end + 1;
  }

  private int endOfComment() {
    int depth = 0;
    int at = position;
    do {
      if (text.startsWith("/*", at)) {
        depth++;
        at += 2;
      } else if (text.startsWith("*/", at)) {
        depth--;
        at += 2;
      } else {
        at++;
      }
    } while (depth > 0 && at < text.length());
    if (depth > 0) {
      throw new ConsoleException("42601", "unterminated /* comment", null, null);
    }
    return at;
  }

  private void skipTo(int end) {
    statement.append(' ');
    position = end;
  }

  private void end() {
    String whole = statement.toString().strip();
    if (!whole.isEmpty()) {
      statements.add(whole);
    }
    statement.setLength(0);
  }
}
