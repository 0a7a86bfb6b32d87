package dev.understudy.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects what one reading finds, so that all of it can be told at once. */
final class Problems {
  private static final Comparator<Problem> ORDER_OF_THE_FILE =
      Comparator.comparing(Problem::file).thenComparingInt(Problem::line);

  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final SortedSet<String> knownKeys = new TreeSet<>();

  void error(Problem problem) {
    errors.add(problem);
  }

  void warning(Problem problem) {
    warnings.add(problem);
  }

  /** Records that the reader has a meaning for this key, present or not. */
  void known(String key) {
    knownKeys.add(key);
  }

  List<Problem> errors() {
    return errors.stream().sorted(ORDER_OF_THE_FILE).toList();
  }

  List<Problem> warnings() {
    return warnings.stream().sorted(ORDER_OF_THE_FILE).toList();
  }

  SortedSet<String> knownKeys() {
    return knownKeys;
  }
}
