package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.snapshot.Finding.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What lies in the data directory of a stopped copy and is not the database: keys and certificates,
 * logs, whatever administrators keep there. And what is the database's, but tells of queries: the
 * cumulative statistics, and the texts that pg_stat_statements keeps with them.
 */
record StrayFiles(Pool pool, Path data) {
  private static final Set<String> DATABASE =
      Set.of(
          "PG_VERSION",
          "base",
          "global",
          "pg_commit_ts",
          "pg_dynshmem",
          "pg_hba.conf",
          "pg_ident.conf",
          "pg_logical",
          "pg_multixact",
          "pg_notify",
          "pg_replslot",
          "pg_serial",
          "pg_snapshots",
          "pg_stat",
          "pg_stat_tmp",
          "pg_subtrans",
          "pg_tblspc",
          "pg_twophase",
          "pg_wal",
          "pg_xact",
          "postgresql.auto.conf",
          "postgresql.conf");

  private static final List<String> STATISTICS = List.of("pg_stat", "pg_stat_tmp");

  /** Tells of what did not come from PostgreSQL itself. */
  List<Finding> remove() throws IOException {
    for (String directory : STATISTICS) {
      for (String name : names(data.resolve(directory))) {
        pool.delete(data.resolve(directory).resolve(name));
      }
    }
    List<Finding> findings = new ArrayList<>();
    for (String name : names(data)) {
      if (!DATABASE.contains(name)) {
        pool.delete(data.resolve(name));
        findings.add(new Finding(Kind.FILE, null, name, "removed"));
      }
    }
    return findings;
  }

  private static Set<String> names(Path directory) throws IOException {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        names.add(requireNonNull(entry.getFileName(), "an entry has a name").toString());
      }
    }
    return names;
  }
}
