package dev.understudy.config;

import org.jspecify.annotations.Nullable;

/**
 * What one clone's server may take of the host; null: as much as there is.
 *
 * @param memoryBytes of all its processes together, page cache included
 * @param cpuWeight its share when several want more than there is, 1 to 10000; the usual is 100
 * @param processes at a time
 * @param temporaryFileBytes of one session
 * @param privateBytes what its data may differ from its snapshot
 */
public record Resources(
    @Nullable Long memoryBytes,
    @Nullable Integer cpuWeight,
    @Nullable Integer processes,
    @Nullable Long temporaryFileBytes,
    @Nullable Long privateBytes) {
  public static final Resources UNLIMITED = new Resources(null, null, null, null, null);

  /** True if the kernel has to account for the server's processes as a group. */
  public boolean needsGroup() {
    return memoryBytes != null || cpuWeight != null || processes != null;
  }
}
