package dev.understudy.cloner.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which of production's preloaded libraries a clone preloads: those that only look at queries. The
 * others start workers, which run jobs and call out.
 */
public record PreloadLibraries(Path home) {
  private static final Set<String> ALLOWED = Set.of("pg_stat_statements", "auto_explain");

  /** Below the homes that distributions give PostgreSQL. */
  private static final List<String> LIBRARIES =
      List.of("lib", "lib64", "lib/postgresql", "lib64/pgsql", "lib/pgsql");

  /** A value for {@code shared_preload_libraries}: production's, without what is not allowed. */
  String allowed(Map<String, String> carried) {
    return names(shared(carried)).stream()
        .filter(name -> ALLOWED.contains(name) && isInstalled(name))
        .collect(Collectors.joining(","));
  }

  /** What of production's is not preloaded in clones, with the reason. */
  public Map<String, String> leftOut(Map<String, String> carried) {
    Map<String, String> leftOut = new LinkedHashMap<>();
    for (String name : names(shared(carried))) {
      if (!ALLOWED.contains(name)) {
        leftOut.put(name, "not preloaded: it may start workers");
      } else if (!isInstalled(name)) {
        leftOut.put(name, "not preloaded: it is not installed here");
      }
    }
    return leftOut;
  }

  /** Of the libraries that these values name, in their order, those that are not installed here. */
  public List<String> missing(Collection<String> values) {
    return values.stream()
        .flatMap(value -> names(value).stream())
        .distinct()
        .filter(name -> !isInstalled(name))
        .toList();
  }

  /** A value for {@code session_preload_libraries} or such, without what is not allowed. */
  public static String harmless(String libraries) {
    return names(libraries).stream().filter(ALLOWED::contains).collect(Collectors.joining(", "));
  }

  private static String shared(Map<String, String> carried) {
    return carried.getOrDefault("shared_preload_libraries", "");
  }

  private static Set<String> names(String libraries) {
    Set<String> names = new LinkedHashSet<>();
    for (String entry : libraries.split(",", -1)) {
      String name = entry.strip().replace("\"", "").replace("$libdir/", "");
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  private boolean isInstalled(String name) {
    String file = name.endsWith(".so") ? name : name + ".so";
    return LIBRARIES.stream().anyMatch(place -> Files.exists(home.resolve(place).resolve(file)))
        || isInHomebrew(file);
  }

  private boolean isInHomebrew(String file) {
    Path version = home.getParent() == null ? null : home.getParent().getFileName();
    return version != null && Files.exists(home.resolve("lib").resolve(version).resolve(file));
  }
}
