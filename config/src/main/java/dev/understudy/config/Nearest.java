package dev.understudy.config;

import java.util.Collection;
import java.util.Comparator;

/** What somebody may have meant who wrote a word that does not exist. */
final class Nearest {
  private Nearest() {}

  static String suggest(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .filter(best -> distance(word, best) <= Math.min(3, (word.length() + 1) / 2))
        .map(best -> "did you mean " + best + "?")
        .orElse("known here: " + String.join(", ", known));
  }

  /** Levenshtein's: insertions, deletions and replacements of one character. */
  static int distance(String left, String right) {
    int[] above = new int[right.length() + 1];
    for (int column = 0; column <= right.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= left.length(); row++) {
      int[] current = new int[right.length() + 1];
      current[0] = row;
      for (int column = 1; column <= right.length(); column++) {
        int replaced = left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1;
        current[column] =
            Math.min(
                above[column - 1] + replaced, Math.min(above[column], current[column - 1]) + 1);
      }
      above = current;
    }
    return above[right.length()];
  }
}
