package dev.understudy.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds keys that one file gives twice. HOCON lets the later one win or merges the two; in settings
 * that is a slip far more often than a wish. A later value that refers to another ({@code ${...}},
 * {@code +=}) is HOCON's way to override on purpose and is let through.
 *
 * <p>Reads keys only and gives up at what it does not understand: the parser reports that.
 */
final class DuplicateKeys {
  private final String file;
  private final String text;
  private final Map<String, Integer> firstLines = new HashMap<>();
  private final List<Problem> found = new ArrayList<>();
  private int position;
  private int line = 1;

  private DuplicateKeys(String file, String text) {
    this.file = file;
    this.text = text;
  }

  static List<Problem> find(String file, String text) {
    DuplicateKeys scan = new DuplicateKeys(file, text);
    try {
      scan.skipBlank();
      if (scan.peek() == '{') {
        scan.advance();
      }
      scan.readObject("");
    } catch (ConfigException.BadPath e) {
      return List.of();
    }
    return scan.found;
  }

  private void readObject(String prefix) {
    while (true) {
      skipBlank();
      if (peek() == '}' || peek() == 0) {
        return;
      }
      int keyLine = line;
      String key = readKey();
      if (key.startsWith("include ") || key.isEmpty()) {
        skipLine();
        if (key.isEmpty()) {
          return;
        }
        continue;
      }
      String path = ConfigUtil.joinPath(ConfigUtil.splitPath(key));
      readEntry(prefix.isEmpty() ? path : prefix + "." + path, keyLine);
    }
  }

  private void readEntry(String path, int keyLine) {
    boolean override = peek() == '+';
    while (peek() == '+' || peek() == '=' || peek() == ':') {
      advance();
    }
    skipBlank();
    override |= readValue(path);
    Integer first = firstLines.putIfAbsent(path, keyLine);
    if (first != null && !override) {
      found.add(new Problem(file, keyLine, path, "is given twice; first on line " + first));
    }
  }

  /** Up to the separator, which stays; empty where none follows on the line. */
  private String readKey() {
    StringBuilder key = new StringBuilder();
    while (peek() != '=' && peek() != ':' && peek() != '{' && peek() != '+') {
      if (peek() == '"') {
        int start = position;
        skipString();
        key.append(text, start, position);
        continue;
      }
      if (peek() == 0 || peek() == '\n') {
        return key.toString().startsWith("include ") ? key.toString() : "";
      }
      key.append(peek());
      advance();
    }
    return key.toString().trim();
  }

  /** Tells whether the value refers to another one. */
  private boolean readValue(String path) {
    boolean refers = false;
    while (peek() != 0 && peek() != '\n' && peek() != ',' && peek() != '}' && peek() != ']') {
      if (peek() == '"') {
        skipString();
      } else if (atComment()) {
        skipLine();
      } else if (text.startsWith("${", position)) {
        refers = true;
        skipTo('}');
      } else if (peek() == '{') {
        advance();
        readObject(path);
        advance();
      } else if (peek() == '[') {
        refers |= readList();
      } else {
        advance();
      }
    }
    return refers;
  }

  private boolean readList() {
    boolean refers = false;
    advance();
    while (peek() != 0 && peek() != ']') {
      // What a list holds has no key of its own, so nothing in it can be a duplicate.
      DuplicateKeys element = new DuplicateKeys(file, text);
      element.position = position;
      element.line = line;
      refers |= element.readValue("");
      boolean stuck = element.position == position;
      position = element.position;
      line = element.line;
      if (stuck) {
        advance();
      }
    }
    advance();
    return refers;
  }

  private void skipString() {
    if (text.startsWith("\"\"\"", position)) {
      int end = text.indexOf("\"\"\"", position + 3);
      advanceTo(end < 0 ? text.length() : end + 3);
      return;
    }
    advance();
    while (peek() != 0 && peek() != '"') {
      if (peek() == '\\') {
        advance();
      }
      advance();
    }
    advance();
  }

  private void skipBlank() {
    while (peek() != 0 && (Character.isWhitespace(peek()) || peek() == ',' || atComment())) {
      if (atComment()) {
        skipLine();
      } else {
        advance();
      }
    }
  }

  private boolean atComment() {
    return peek() == '#' || text.startsWith("//", position);
  }

  private void skipLine() {
    while (peek() != 0 && peek() != '\n') {
      advance();
    }
  }

  private void skipTo(char end) {
    while (peek() != 0 && peek() != end) {
      advance();
    }
    advance();
  }

  private void advanceTo(int target) {
    while (position < target) {
      advance();
    }
  }

  private void advance() {
    if (peek() == '\n') {
      line++;
    }
    position = Math.min(position + 1, text.length());
  }

  private char peek() {
    return position < text.length() ? text.charAt(position) : 0;
  }
}
