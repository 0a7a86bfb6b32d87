package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.OffCarrier;
import dev.understudy.cloner.host.SystemCallException;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A tree is a subvolume, a copy is a snapshot of it: one step, whatever the size. */
final class BtrfsPool implements Pool {
  private final Room room;

  BtrfsPool(Path directory) {
    this(new Room(directory));
  }

  /**
   * @param room of the file system that trees lie on
   */
  BtrfsPool(Room room) {
    this.room = requireNonNull(room, "room is null");
  }

  @Override
  public String describe() {
    return "btrfs subvolumes";
  }

  @Override
  public boolean sharesBlocks() {
    return true;
  }

  @Override
  public void create(Path tree) throws IOException {
    OffCarrier.run(() -> {
      try (Directory parent = Directory.open(FilePool.parent(tree))) {
        Btrfs.create(parent, FilePool.name(tree));
        parent.changeMode(FilePool.name(tree), 0700);
      } catch (SystemCallException e) {
        throw PoolFullException.orSame(e, tree);
      }
    });
  }

  @Override
  public void copy(Path sealed, Path target) throws IOException {
    OffCarrier.run(() -> {
      try (Directory source = Directory.open(sealed);
          Directory parent = Directory.open(FilePool.parent(target))) {
        Btrfs.snapshot(source, parent, FilePool.name(target));
      } catch (SystemCallException e) {
        throw PoolFullException.orSame(e, target);
      }
    });
  }

  /** Between two of them it rests for as long as the first took: others work meanwhile. */
  @Override
  public void sync(Collection<Path> trees) throws IOException {
    OffCarrier.run(() -> {
      long rest = 0;
      for (Path tree : trees) {
        LockSupport.parkNanos(rest);
        long began = System.nanoTime();
        sync(tree);
        rest = System.nanoTime() - began;
      }
    });
  }

  private static void sync(Path tree) throws IOException {
    try (Directory root = Directory.open(tree)) {
      new TreeSync().sync(root);
    } catch (SystemCallException e) {
      if (e.errno() != SystemCallException.ENOENT) {
        throw e;
      }
    }
  }

  @Override
  public void seal(Path tree) throws IOException {
    OffCarrier.run(() -> {
      try (Directory root = Directory.open(tree)) {
        root.syncFileSystem();
        Btrfs.changeReadOnly(root, true);
      }
    });
  }

  @Override
  public void delete(Path tree) throws IOException {
    OffCarrier.run(() -> {
      if (!Files.isDirectory(FilePool.parent(tree))) {
        return;
      }
      try (Directory parent = Directory.open(FilePool.parent(tree))) {
        if (!destroy(parent, FilePool.name(tree))) {
          new TreeDeletion().delete(parent, FilePool.name(tree));
        }
      }
    });
  }

  @Override
  public long freeBytes() throws IOException {
    return room.freeBytes();
  }

  @Override
  public void reclaim() throws IOException {
    OffCarrier.run(() -> {
      try (Directory directory = Directory.open(room.directory())) {
        Btrfs.sync(directory);
      }
    });
  }

  @Override
  public void requireRoom(long bytes) throws IOException {
    room.require(bytes);
  }

  @Override
  public boolean isLow() throws IOException {
    return room.isLow();
  }

  @Override
  public Usage usage(Path tree) throws IOException {
    return TreeUsage.byExtents(tree);
  }

  /** False where file by file is the only way, as for a subvolume that has others inside. */
  private static boolean destroy(Directory parent, String name) throws IOException {
    FileStatus status = statusOrNull(parent, name);
    if (status == null || !Btrfs.isSubvolume(status)) {
      return status == null;
    }
    try (Directory subvolume = parent.directory(name)) {
      Btrfs.changeReadOnly(subvolume, false);
    } catch (SystemCallException e) {
      if (e.errno() == SystemCallException.ENOTTY) {
        return false;
      }
      if (e.errno() != SystemCallException.EACCES) {
        throw e;
      }
      // Its owner may have taken the right to open it from himself; what follows gives it back.
    }
    try {
      Btrfs.destroy(parent, name);
      return true;
    } catch (SystemCallException e) {
      return switch (e.errno()) {
        case SystemCallException.ENOENT -> true;
        case SystemCallException.ENOTEMPTY, SystemCallException.EPERM, SystemCallException.EACCES ->
            false;
        default -> throw e;
      };
    }
  }

  private static @Nullable FileStatus statusOrNull(Directory parent, String name)
      throws SystemCallException {
    try {
      return parent.status(name);
    } catch (SystemCallException e) {
      if (e.errno() == SystemCallException.ENOENT) {
        return null;
      }
      throw e;
    }
  }
}
