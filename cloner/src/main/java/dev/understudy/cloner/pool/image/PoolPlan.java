package dev.understudy.cloner.pool.image;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A file system to be made for a data directory.
 *
 * @param dataDirectory absolute; does not exist, or is empty
 * @param backing absolute path of the file to be made, or of a block device with nothing on it
 * @param device which of both
 * @param bytes size of the file; without meaning for a device
 */
public record PoolPlan(
    Path dataDirectory, Path backing, boolean device, long bytes, ImageType type) {
  /** Less is too small for PostgreSQL to be of use, and for XFS to be made at all. */
  public static final long LEAST_BYTES = 512L << 20;

  public PoolPlan {
    requireNonNull(dataDirectory, "dataDirectory is null");
    requireNonNull(backing, "backing is null");
    requireNonNull(type, "type is null");
  }

  /** In a sparse file beside the data directory: {@code NAME.img}. */
  public static PoolPlan image(Path dataDirectory, long bytes, ImageType type) {
    return new PoolPlan(dataDirectory, imageOf(dataDirectory), false, bytes, type);
  }

  /** Where the image of a data directory lies unless something else is said. */
  public static Path imageOf(Path dataDirectory) {
    return dataDirectory.resolveSibling(dataDirectory.getFileName() + ".img");
  }
}
