package dev.understudy.server.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines of text in columns as wide as they need to be, under a heading. */
public final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> lines = new ArrayList<>();

  public Table(String... heading) {
    lines.add(List.of(heading).stream().map(name -> name.toUpperCase(Locale.ROOT)).toList());
  }

  /** As many cells as the heading has. Control characters, which labels may hold, are not shown. */
  public Table row(String... cells) {
    if (cells.length != lines.getFirst().size()) {
      throw new IllegalArgumentException("cells do not fit the heading");
    }
    lines.add(List.of(cells).stream().map(Table::printable).toList());
    return this;
  }

  public static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) || isFormat(c) ? '?' : c));
    return shown.toString();
  }

  /** Such as those that turn the direction of writing round. */
  private static boolean isFormat(int c) {
    return Character.getType(c) == Character.FORMAT;
  }

  @Override
  public String toString() {
    int columns = lines.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], width(line.get(i)));
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        row.append(line.get(i)).repeat(' ', widths[i] - width(line.get(i))).append(GAP);
      }
      text.append(row.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
