package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
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
}
