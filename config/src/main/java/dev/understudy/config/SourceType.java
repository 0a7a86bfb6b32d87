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
}
