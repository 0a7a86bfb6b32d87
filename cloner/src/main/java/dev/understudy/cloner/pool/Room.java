package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.LoopDevices;
import dev.understudy.cloner.host.Mount;
import dev.understudy.config.MinFree;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The free space that a pool draws on: that of its file system and, where this lies in an image
 * file, also that of the one which holds the image: a sparse image believes in space that may no
 * longer be there.
 *
 * @param directory an existing one of the pool
 * @param minFree what stays free of each of them, as it is now
 */
record Room(Path directory, Supplier<MinFree> minFree) {
  private static final int MOST_LAYERS = 4;

  /**
   * A file system.
   *
   * @param place for people
   */
  record Space(String place, long freeBytes, long totalBytes) {
    static Space of(String place, Path path) throws IOException {
      FileStore store = Files.getFileStore(path);
      return new Space(place, store.getUsableSpace(), store.getTotalSpace());
    }
  }

  Room {
    requireNonNull(directory, "directory is null");
    requireNonNull(minFree, "minFree is null");
  }

  Room(Path directory) {
    this(directory, () -> MinFree.DEFAULT);
  }

  long freeBytes() throws IOException {
    long least = Long.MAX_VALUE;
    for (Space space : spaces()) {
      least = Math.min(least, space.freeBytes());
    }
    return least;
  }

  /** See {@link Pool#requireRoom}. */
  void require(long bytes) throws IOException {
    for (Space space : spaces()) {
      require(space, minFree.get(), bytes);
    }
  }

  static void require(Space space, MinFree minFree, long bytes) throws PoolFullException {
    long kept = minFree.of(space.totalBytes());
    if (space.freeBytes() - bytes < kept) {
      String wanted = bytes == 0 ? "" : "; %d MiB more are wanted".formatted(bytes >> 20);
      throw new PoolFullException(
          "%d MiB of %s are free%s, and %d MiB have to stay free (pool.min-free)"
              .formatted(space.freeBytes() >> 20, space.place(), wanted, kept >> 20),
          bytes);
    }
  }

  /** See {@link Pool#isLow}. */
  boolean isLow() throws IOException {
    for (Space space : spaces()) {
      if (isLow(space, minFree.get())) {
        return true;
      }
    }
    return false;
  }

  static boolean isLow(Space space, MinFree minFree) {
    return space.freeBytes() / 2 < minFree.of(space.totalBytes());
  }

  private List<Space> spaces() throws IOException {
    List<Space> all = new ArrayList<>(List.of(Space.of("the pool", directory)));
    Optional<Path> image = imageBelow(directory);
    while (image.isPresent() && Files.exists(image.get()) && all.size() < MOST_LAYERS) {
      Path file = image.get();
      all.add(Space.of("the file system that holds the pool's image " + file, file));
      image = imageBelow(file);
    }
    return all;
  }

  private static Optional<Path> imageBelow(Path path) throws IOException {
    return LoopDevices.backingFile(Path.of(Mount.holding(path.toRealPath()).source()));
  }
}
