package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the data of a source gets here. */
public sealed interface SourceType {
  /**
   * A running server's data directory on this host is copied while it works.
   *
   * @param path absolute
   * @param url how to reach that server for the backup functions, as libpq reads it; null: the unix
   *     socket that its {@code postmaster.pid} names, as the operating system user that owns the
   *     directory
   * @param shareBlocks reflink the files instead of copying their bytes
   */
  record Directory(Path path, @Nullable Secret url, boolean shareBlocks) implements SourceType {
    public Directory {
      requireNonNull(path, "path is null");
    }
  }

  /**
   * A standby of our own follows production for good.
   *
   * @param url of production, as libpq reads it
   * @param rateLimit of the base backup, kB/s; null: none
   * @param restoreCommand that fetches what production has archived; null: none
   * @param slot name of a physical replication slot of our own on production; null: none
   */
  record Standby(
      Secret url,
      @Nullable Integer rateLimit,
      @Nullable String restoreCommand,
      @Nullable String slot,
      Collations collations)
      implements SourceType {
    public Standby {
      requireNonNull(url, "url is null");
      requireNonNull(collations, "collations is null");
    }

    /** With defaults for all the rest. */
    public Standby(Secret url) {
      this(url, null, null, null, Collations.REFUSE);
    }
  }

  /** What is done where this host sorts texts otherwise than production's. */
  enum Collations {
    /** No snapshot. */
    REFUSE,
    /** Indexes are built anew in every snapshot. */
    REINDEX,
    IGNORE
  }

  /**
   * A server of which only SQL is to be had, as providers run them: its databases are dumped and
   * restored here.
   *
   * @param url of the server, as libpq reads it
   * @param jobs tables that are dumped, and restored, side by side
   * @param databases by name; empty: all that allow connections and are no templates
   * @param onError what becomes of a copy in which something could not be restored
   * @param excludedExtensions that are left out, by name
   * @param excludedRoles that are left out, by name
   */
  record Dump(
      Secret url,
      int jobs,
      List<String> databases,
      OnError onError,
      Set<String> excludedExtensions,
      Set<String> excludedRoles)
      implements SourceType {
    /** At a time, where nothing is written. */
    public static final int USUAL_JOBS = 2;

    public Dump {
      requireNonNull(url, "url is null");
      if (jobs < 1) {
        throw new IllegalArgumentException("jobs is " + jobs);
      }
      databases = List.copyOf(databases);
      requireNonNull(onError, "onError is null");
      excludedExtensions = Set.copyOf(excludedExtensions);
      excludedRoles = Set.copyOf(excludedRoles);
    }

    /** Everything, with defaults for all the rest. */
    public Dump(Secret url) {
      this(url, USUAL_JOBS, List.of(), OnError.BLOCK, Set.of(), Set.of());
    }

    /** What becomes of a copy in which something could not be restored. */
    public enum OnError {
      /** It is thrown away. */
      BLOCK,
      /** It is published without, and tells what is missing. */
      PUBLISH
    }
  }
}
