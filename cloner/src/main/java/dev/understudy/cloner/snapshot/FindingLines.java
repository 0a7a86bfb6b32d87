package dev.understudy.cloner.snapshot;

import dev.understudy.cloner.snapshot.Finding.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Findings for the log: a line per kind, in which those that ended alike stand together. */
final class FindingLines {
  private static final int NAMED = 8;

  private FindingLines() {}

  static List<String> of(List<Finding> findings) {
    Map<Kind, Map<String, List<String>>> kinds = new EnumMap<>(Kind.class);
    for (Finding finding : findings) {
      kinds
          .computeIfAbsent(finding.kind(), kind -> new LinkedHashMap<>())
          .computeIfAbsent(finding.action(), action -> new ArrayList<>())
          .add(finding.qualifiedName());
    }
    List<String> lines = new ArrayList<>();
    kinds.forEach((kind, actions) -> {
      List<String> parts = new ArrayList<>();
      actions.forEach((action, names) -> parts.add(names(names) + ": " + action));
      lines.add(kind.plural() + ": " + String.join("; ", parts));
    });
    return lines;
  }

  private static String names(List<String> names) {
    if (names.size() <= NAMED) {
      return String.join(", ", names);
    }
    return "%s and %d more"
        .formatted(String.join(", ", names.subList(0, NAMED)), names.size() - NAMED);
  }
}
