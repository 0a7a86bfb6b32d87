package dev.understudy.cloner.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of production's preloaded libraries a clone preloads: those that only look at queries. The
 * others start workers, which run jobs and call out.
 */
record PreloadLibraries(Path home) {
  private static final Set<String> ALLOWED = Set.of("pg_stat_statements", "auto_explain");

  /** A value for {@code shared_preload_libraries}: production's, without what is not allowed. */
  String allowed(Map<String, String> carried) {
    List<String> names = new ArrayList<>();
    for (String entry : carried.getOrDefault("shared_preload_libraries", "").split(",", -1)) {
      String name = entry.strip().replace("\"", "").replace("$libdir/", "");
      if (ALLOWED.contains(name) && !names.contains(name) && isInstalled(name)) {
        names.add(name);
      }
    }
    return String.join(",", names);
  }

  private boolean isInstalled(String name) {
    return Files.exists(home.resolve("lib").resolve(name + ".so"))
        || Files.exists(home.resolve("lib/postgresql").resolve(name + ".so"));
  }
}
