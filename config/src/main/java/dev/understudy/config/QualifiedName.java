package dev.understudy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names with dots between them, letter for letter as the catalog has them: unlike in SQL, nothing
 * is folded to lower case. A name that holds a dot or a quotation mark itself stands in quotation
 * marks, doubled inside.
 */
final class QualifiedName {
  private QualifiedName() {}

  /**
   * @throws IllegalArgumentException with a message for the user
   */
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        part.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    if (quoted || parts.contains("")) {
      throw new IllegalArgumentException(
          "'" + text + "' " + (quoted ? "lacks a quotation mark" : "has an empty part"));
    }
    return parts;
  }

  static String join(String... parts) {
    return Stream.of(parts).map(QualifiedName::quoted).collect(Collectors.joining("."));
  }

  private static String quoted(String name) {
    return name.indexOf('.') < 0 && name.indexOf('"') < 0
        ? name
        : '"' + name.replace("\"", "\"\"") + '"';
  }
}
