package dev.understudy.cloner.pool;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.Mount;
import dev.understudy.cloner.host.OffCarrier;
import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.pool.PoolChoice.Trial;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.RegularFile;
import dev.understudy.cloner.tree.SharedBlocks;
import dev.understudy.config.MinFree;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Finds the best pool for a directory by doing there what a pool does: make a tree, write to it,
 * seal it, copy it, write to the copy, delete both. What a file system says of itself is not asked.
 */
public final class PoolProbe {
  private static final System.Logger LOG = System.getLogger(PoolProbe.class.getName());
  private static final int PROBE_BYTES = 1 << 20;
  private static final String PREFIX = ".pool-probe-";

  private PoolProbe() {}

  /**
   * Tries ZFS datasets, then btrfs subvolumes, then reflinks, then plain copies. Removes first what
   * a probe that was killed has left. On ZFS nothing but datasets and plain copies is tried:
   * sharing blocks of single files is what it is known to lose data by.
   *
   * @param directory where trees will lie; exists and can be written
   * @throws IOException if not even files can be copied there
   */
  public static PoolChoice choose(Path directory) throws IOException {
    return choose(directory, () -> MinFree.DEFAULT);
  }

  /**
   * As {@link #choose(Path)}, for a pool of which so much stays free.
   *
   * @param minFree as it is now
   * @throws IOException if not even files can be copied there
   */
  public static PoolChoice choose(Path directory, Supplier<MinFree> minFree) throws IOException {
    sweep(directory);
    Room room = new Room(directory, minFree);
    List<Trial> trials = new ArrayList<>();
    for (Pool pool :
        List.of(
            new ZfsPool(room), new BtrfsPool(room), new ReflinkPool(room), new CopyPool(room))) {
      try {
        requireFitting(pool, directory);
        OffCarrier.run(() -> tryOut(pool, directory));
        trials.add(new Trial(pool.describe(), true, meaning(pool)));
        return new PoolChoice(pool, trials);
      } catch (IOException e) {
        if (pool instanceof CopyPool) {
          throw e;
        }
        trials.add(new Trial(pool.describe(), false, whyNot(pool, directory, e)));
      }
    }
    throw new AssertionError("the last trial returns or throws");
  }

  private static void requireFitting(Pool pool, Path directory) throws IOException {
    switch (pool) {
      case ZfsPool _ -> {
        ZfsDatasets.at(directory);
        if (!Accounts.isRoot()) {
          throw new IOException("only root can mount datasets");
        }
      }
      case ReflinkPool _ when isOnZfs(directory) ->
          throw new IOException("sharing blocks of single files is not safe on every ZFS");
      default -> {}
    }
  }

  /** Where blocks of single files are not to be shared. */
  public static boolean isOnZfs(Path directory) throws IOException {
    return ZfsDatasets.isZfs(Mount.holding(directory.toRealPath()));
  }

  private static void sweep(Path directory) throws IOException {
    try {
      if (isOnZfs(directory) && Accounts.isRoot()) {
        ZfsPool.removeBelow(directory, PREFIX);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "no datasets of earlier probes are looked for: " + e);
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path place : left) {
        try {
          remove(place);
        } catch (IOException e) {
          LOG.log(System.Logger.Level.WARNING, place + " is left of an earlier probe: " + e);
        }
      }
    }
  }

  /** Also with sealed subvolumes in it. */
  private static void remove(Path place) throws IOException {
    new CopyPool(FilePool.parent(place)).delete(place);
  }

  private static void tryOut(Pool pool, Path directory) throws IOException {
    Path place = Files.createTempDirectory(directory, PREFIX);
    Path first = place.resolve("first");
    Path second = place.resolve("second");
    byte[] content = new byte[PROBE_BYTES];
    new Random(place.hashCode()).nextBytes(content);
    try {
      pool.create(first);
      try (Directory tree = Directory.open(first);
          RegularFile file = tree.createFile("file")) {
        file.write(content);
      }
      pool.seal(first);
      pool.copy(first, second);
      check(pool, second, content);
      pool.delete(second);
      pool.delete(first);
      if (Files.exists(first) || Files.exists(second)) {
        throw new IOException("a deleted tree is still there");
      }
    } finally {
      clear(pool, first, second);
      remove(place);
    }
  }

  /** After a failure; what cannot be removed is said by the removal of its place. */
  private static void clear(Pool pool, Path... trees) {
    if (pool instanceof ZfsPool) {
      for (Path tree : trees) {
        try {
          pool.delete(tree);
        } catch (IOException e) {
          LOG.log(System.Logger.Level.DEBUG, tree + " is left: " + e);
        }
      }
    }
  }

  private static void check(Pool pool, Path copy, byte[] content) throws IOException {
    try (Directory tree = Directory.open(copy)) {
      try (RegularFile file = tree.file("file")) {
        if (!Arrays.equals(file.read(PROBE_BYTES + 1), content)) {
          throw new IOException("a copy differs from its original");
        }
        // ZFS does not say; there it is the one thing that a clone can be.
        if (pool.sharesBlocks() && !(pool instanceof ZfsPool) && !SharedBlocks.all(file)) {
          throw new IOException("a copy does not share its blocks with its original");
        }
      }
      tree.createFile("written").close();
    }
  }

  private static String meaning(Pool pool) {
    return switch (pool) {
      case ZfsPool zfs -> "a clone is one clone of a dataset's snapshot, whatever its size";
      case BtrfsPool btrfs -> "a clone is one snapshot of a subvolume, whatever its size";
      case ReflinkPool reflink -> "a clone shares all blocks; it costs about 50 µs per file";
      default ->
          "every clone costs the time and the space of its whole snapshot; "
              + "put the data directory on btrfs, XFS or ZFS to share blocks";
    };
  }

  private static String whyNot(Pool pool, Path directory, IOException e) throws IOException {
    String message = String.valueOf(e.getMessage());
    String type = Files.getFileStore(directory).type();
    if (!(e instanceof SystemCallException call)) {
      return message;
    }
    return switch (call.errno()) {
      case SystemCallException.ENOTTY, SystemCallException.EOPNOTSUPP ->
          pool instanceof BtrfsPool
              ? "%s is on %s".formatted(directory, type)
              : "%s on %s cannot share blocks between files".formatted(type, directory);
      case SystemCallException.EPERM, SystemCallException.EACCES ->
          pool instanceof BtrfsPool
              ? "this user may not delete subvolumes here (%s): mount with user_subvol_rm_allowed"
                  .formatted(message)
              : message;
      default -> message;
    };
  }
}
