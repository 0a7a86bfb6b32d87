package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.FileNames;
import dev.understudy.cloner.host.OffCarrier;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.FileSystemSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** A pool whose trees are ordinary directories; what differs is how a file's content is copied. */
abstract sealed class FilePool implements Pool permits ReflinkPool, CopyPool {
  private final Room room;
  private final TreeCopy.Content content;
  private final TreeSeal.Last last;

  /**
   * @param room of the file system that trees lie on
   */
  FilePool(Room room, TreeCopy.Content content, TreeSeal.Last last) {
    this.room = requireNonNull(room, "room is null");
    this.content = content;
    this.last = last;
  }

  @Override
  public void create(Path tree) throws IOException {
    OffCarrier.run(() -> {
      try (Directory parent = Directory.open(parent(tree))) {
        parent.createDirectory(name(tree)).close();
      }
    });
  }

  @Override
  public void copy(Path sealed, Path target) throws IOException {
    OffCarrier.run(() -> {
      try (Directory source = Directory.open(sealed);
          Directory parent = Directory.open(parent(target));
          Directory root = parent.createDirectory(name(target))) {
        try {
          new TreeCopy(content).copy(source, root);
        } catch (IOException e) {
          removeAfter(e, parent, name(target));
          throw PoolFullException.orSame(e, target);
        }
      }
    });
  }

  /** They lie on one file system. */
  @Override
  public void sync(Collection<Path> trees) throws IOException {
    if (!trees.isEmpty()) {
      FileSystemSync.sync(room.directory());
    }
  }

  @Override
  public void seal(Path tree) throws IOException {
    OffCarrier.run(() -> {
      try (Directory root = Directory.open(tree)) {
        new TreeSeal(last).seal(root);
        root.syncFileSystem();
      }
    });
  }

  @Override
  public void delete(Path tree) throws IOException {
    OffCarrier.run(() -> deleteTree(tree));
  }

  @Override
  public long freeBytes() throws IOException {
    return room.freeBytes();
  }

  @Override
  public void requireRoom(long bytes) throws IOException {
    room.require(bytes);
  }

  @Override
  public boolean isLow() throws IOException {
    return room.isLow();
  }

  private static void deleteTree(Path tree) throws IOException {
    if (Files.isDirectory(parent(tree))) {
      try (Directory parent = Directory.open(parent(tree))) {
        new TreeDeletion().delete(parent, name(tree));
      }
    }
  }

  private static void removeAfter(IOException failure, Directory parent, String name) {
    try {
      new TreeDeletion().delete(parent, name);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  static Path parent(Path tree) {
    return requireNonNull(tree.toAbsolutePath().getParent(), "a tree has a parent");
  }

  static String name(Path tree) {
    return FileNames.of(requireNonNull(tree.getFileName(), "a tree has a name"));
  }
}
