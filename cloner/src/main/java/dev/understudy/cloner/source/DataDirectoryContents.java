package dev.understudy.cloner.source;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a data directory are the database. At its top only what PostgreSQL itself puts
 * there is taken: configuration, keys, certificates, logs and whatever else administrators keep
 * beside it stay where they are.
 */
final class DataDirectoryContents {
  /** Copied with all that is in them. */
  private static final Set<String> COPIED =
      Set.of(
          "base", "global", "pg_commit_ts", "pg_logical", "pg_multixact", "pg_twophase", "pg_xact");

  /**
   * Made, and left empty: the server fills them anew, or what is in them belongs to the server that
   * runs. {@code pg_wal} gets its segments when the backup is over.
   */
  private static final Set<String> EMPTY =
      Set.of(
          "pg_dynshmem",
          "pg_notify",
          "pg_replslot",
          "pg_serial",
          "pg_snapshots",
          "pg_stat",
          "pg_stat_tmp",
          "pg_subtrans",
          "pg_tblspc",
          "pg_wal");

  private static final Pattern TEMPORARY_RELATION =
      Pattern.compile("t[0-9]+_[0-9]+(_(fsm|vm|init))?(\\.[0-9]+)?");
  private static final Pattern RELATION = Pattern.compile("([0-9]+)(_(fsm|vm))?(\\.[0-9]+)?");
  private static final Pattern CORE = Pattern.compile("core(\\.[0-9]+)?");

  private DataDirectoryContents() {}

  static Set<String> copiedDirectories() {
    return COPIED;
  }

  static Set<String> emptyDirectories() {
    return EMPTY;
  }

  /** False for what a server drops at its next start, and for {@code pg_control}, copied last. */
  static boolean isWanted(String directory, String name) {
    return !name.startsWith("pgsql_tmp")
        && !name.startsWith("pg_internal.init")
        && !TEMPORARY_RELATION.matcher(name).matches()
        && !CORE.matcher(name).matches()
        && !(directory.equals("global") && name.equals("pg_control"));
  }

  /** The file whose presence makes a relation unlogged; null for what is no file of a relation. */
  static @Nullable String initFork(String name) {
    Matcher relation = RELATION.matcher(name);
    return relation.matches() ? relation.group(1) + "_init" : null;
  }
}
