package dev.understudy.config;

import dev.understudy.config.SourceType.Dump;
import dev.understudy.config.SourceType.Dump.OnError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads what only sources of type dump have. */
final class DumpReader {
  private static final int MOST_JOBS = 64;

  private DumpReader() {}

  static Dump read(Section section, Secret url) {
    int jobs = section.integer("jobs", Dump.USUAL_JOBS, 1, MOST_JOBS);
    List<String> databases = distinct(section, "databases");
    OnError onError =
        section.choice(
            "on-error", Map.of("block", OnError.BLOCK, "publish", OnError.PUBLISH), OnError.BLOCK);
    Set<String> extensions = Set.copyOf(distinct(section, "exclude-extensions"));
    Set<String> roles = Set.copyOf(distinct(section, "exclude-roles"));
    return new Dump(url, jobs, databases, onError, extensions, roles);
  }

  private static List<String> distinct(Section section, String key) {
    List<String> texts = section.texts(key, List.of());
    Set<String> seen = new HashSet<>();
    for (String text : texts) {
      if (!seen.add(text)) {
        section.error(key, "'" + text + "' is in the list twice");
        return List.of();
      }
    }
    return texts;
  }
}
