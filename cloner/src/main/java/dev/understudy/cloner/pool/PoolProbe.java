package dev.understudy.cloner.pool;

import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.pool.PoolChoice.Trial;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.RegularFile;
import dev.understudy.cloner.tree.SharedBlocks;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

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
   * Tries btrfs subvolumes, then reflinks, then plain copies. Removes first what a probe that was
   * killed has left.
   *
   * @param directory where trees will lie; exists and can be written
   * @throws IOException if not even files can be copied there
   */
  public static PoolChoice choose(Path directory) throws IOException {
    sweep(directory);
    List<Trial> trials = new ArrayList<>();
    for (Pool pool :
        List.of(new BtrfsPool(directory), new ReflinkPool(directory), new CopyPool(directory))) {
      try {
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

  private static void sweep(Path directory) throws IOException {
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
      remove(place);
    }
  }

  private static void check(Pool pool, Path copy, byte[] content) throws IOException {
    try (Directory tree = Directory.open(copy)) {
      try (RegularFile file = tree.file("file")) {
        if (!Arrays.equals(file.read(PROBE_BYTES + 1), content)) {
          throw new IOException("a copy differs from its original");
        }
        if (pool.sharesBlocks() && !SharedBlocks.all(file)) {
          throw new IOException("a copy does not share its blocks with its original");
        }
      }
      tree.createFile("written").close();
    }
  }

  private static String meaning(Pool pool) {
    return switch (pool) {
      case BtrfsPool btrfs -> "a clone is one snapshot of a subvolume, whatever its size";
      case ReflinkPool reflink -> "a clone shares all blocks; it costs about 50 µs per file";
      default ->
          "every clone costs the time and the space of its whole snapshot; "
              + "put the data directory on btrfs or on XFS to share blocks";
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
