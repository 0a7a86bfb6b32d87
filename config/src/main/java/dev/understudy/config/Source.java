package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A production server that is mirrored. The one kind so far is a data directory on this host.
 *
 * @param directory the running server's data directory; absolute
 * @param url how to reach that server for the backup functions, as libpq reads it; null: the unix
 *     socket that its {@code postmaster.pid} names, as the operating system user that owns the
 *     directory
 * @param shareBlocks reflink the files instead of copying their bytes
 */
public record Source(String name, Path directory, @Nullable Secret url, boolean shareBlocks) {
  public Source {
    requireNonNull(name, "name is null");
    requireNonNull(directory, "directory is null");
  }
}
