package dev.understudy.cloner.neutral;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Options of a foreign server, its wrapper, a user mapping, a foreign table or its column, each
 * {@code name=value} as the catalogs hold them, without what leads to another server or opens it.
 * Wrappers are free in naming their options, so only those known to be harmless stay.
 *
 * @param options what is left
 * @param changed names of those that were replaced, added or taken out
 */
record ForeignOptions(List<String> options, Set<String> changed) {
  private static final String NOBODY = "127.0.0.1";
  private static final String NO_PORT = "1";

  private static final Set<String> HOSTS =
      Set.of("host", "hostaddr", "address", "addresses", "server", "servername", "hostname");

  private static final Set<String> PORTS = Set.of("port");

  private static final Set<String> HARMLESS =
      Set.of(
          "analyze_sampling",
          "application_name",
          "async_capable",
          "batch_size",
          "character_set",
          "client_encoding",
          "connect_timeout",
          "database",
          "dbname",
          "extensions",
          "fdw_startup_cost",
          "fdw_tuple_cost",
          "fetch_size",
          "isolation_level",
          "keep_connections",
          "keepalives",
          "keepalives_count",
          "keepalives_idle",
          "keepalives_interval",
          "nchar",
          "parallel_abort",
          "parallel_commit",
          "prefetch",
          "restrict_reads",
          "server_version",
          "sslmode",
          "tcp_user_timeout",
          "truncatable",
          "updatable",
          "use_remote_estimate");

  /** Of a table and its columns: what they are called there, and how a file is read. */
  private static final Set<String> HARMLESS_OF_TABLES =
      Set.of(
          "collection",
          "column",
          "column_name",
          "delimiter",
          "encoding",
          "escape",
          "force_not_null",
          "force_null",
          "format",
          "header",
          "null",
          "quote",
          "readonly",
          "schema",
          "schema_name",
          "table",
          "table_name");

  private static final Set<String> WHO =
      Set.of("user", "username", "user_name", "password_required", "use_scram_passthrough");

  ForeignOptions {
    options = List.copyOf(options);
    changed = Set.copyOf(changed);
  }

  boolean isChanged() {
    return !changed.isEmpty();
  }

  /**
   * @param libpq where nothing is said of a host, it is reached by its unix socket: so something is
   */
  static ForeignOptions ofServer(List<String> options, boolean libpq) {
    List<String> left = new ArrayList<>();
    Set<String> changed = new TreeSet<>();
    Set<String> seen = new TreeSet<>();
    for (String option : options) {
      String name = name(option);
      seen.add(name);
      String kept = serverOption(option, name);
      if (!kept.isEmpty()) {
        left.add(kept);
      }
      if (!kept.equals(option)) {
        changed.add(name);
      }
    }
    if (libpq) {
      addMissing("host", NOBODY, seen, left, changed);
      addMissing("port", NO_PORT, seen, left, changed);
    }
    return new ForeignOptions(left, changed);
  }

  static ForeignOptions ofUserMapping(List<String> options) {
    List<String> left = new ArrayList<>();
    Set<String> changed = new TreeSet<>();
    for (String option : options) {
      if (WHO.contains(name(option))) {
        left.add(option);
      } else {
        changed.add(name(option));
      }
    }
    return new ForeignOptions(left, changed);
  }

  static ForeignOptions ofTable(List<String> options) {
    List<String> left = new ArrayList<>();
    Set<String> changed = new TreeSet<>();
    for (String option : options) {
      String name = name(option);
      String kept = HARMLESS_OF_TABLES.contains(name) ? option : serverOption(option, name);
      if (!kept.isEmpty()) {
        left.add(kept);
      }
      if (!kept.equals(option)) {
        changed.add(name);
      }
    }
    return new ForeignOptions(left, changed);
  }

  /** Empty: to be taken out. */
  private static String serverOption(String option, String name) {
    if (HOSTS.contains(name)) {
      return option.substring(0, name.length()) + "=" + NOBODY;
    }
    if (PORTS.contains(name)) {
      return option.substring(0, name.length()) + "=" + NO_PORT;
    }
    return HARMLESS.contains(name) ? option : "";
  }

  private static void addMissing(
      String name, String value, Set<String> seen, List<String> left, Set<String> changed) {
    if (!seen.contains(name)) {
      left.add(name + "=" + value);
      changed.add(name);
    }
  }

  private static String name(String option) {
    int equals = option.indexOf('=');
    return (equals < 0 ? option : option.substring(0, equals)).toLowerCase(Locale.ROOT);
  }
}
