package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.OffCarrier;
import dev.understudy.cloner.host.ShortCommand.Result;
import dev.understudy.cloner.tree.Directory;
import dev.understudy.cloner.tree.FileSystemSync;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A tree is a dataset, mounted at the tree's path; sealing it takes its snapshot, and a copy is a
 * clone of that: one step, whatever the size. Blocks of single files are never shared. Everything
 * that is to be known of a tree is in ZFS itself.
 */
final class ZfsPool implements Pool {
  /** Records half the size of PostgreSQL's usual read-ahead, twice the size of its pages. */
  private static final List<String> PROPERTIES =
      List.of(
          "recordsize=16K",
          "atime=off",
          "snapdir=hidden",
          "setuid=off",
          "devices=off",
          // Snapshots that somebody else's timer takes would keep what is deleted.
          "com.sun:auto-snapshot=false",
          ZfsDatasets.TREE + "=on");

  private final Room room;

  ZfsPool(Path directory) {
    this(new Room(directory));
  }

  /**
   * @param room of the dataset that is mounted at the pool's directory
   */
  ZfsPool(Room room) {
    this.room = requireNonNull(room, "room is null");
  }

  @Override
  public String describe() {
    return "ZFS datasets";
  }

  @Override
  public boolean sharesBlocks() {
    return true;
  }

  @Override
  public void create(Path tree) throws IOException {
    OffCarrier.run(() -> {
      String dataset = datasets().name(tree);
      requireNothingAt(tree);
      try {
        make(tree, List.of("create"), List.of(dataset));
        changeMode(tree);
      } catch (IOException e) {
        removeAfter(e, tree, dataset);
        throw e;
      }
    });
  }

  @Override
  public void copy(Path tree, Path target) throws IOException {
    OffCarrier.run(() -> {
      ZfsDatasets datasets = datasets();
      String from = datasets.require(tree);
      String to = datasets.name(target);
      requireNothingAt(target);
      String sealed = from + ZfsDatasets.SEALED;
      if (Zfs.exists(sealed)) {
        cloneSnapshot(sealed, target, to);
        return;
      }
      String passing = ZfsDatasets.forCopy(from);
      FileSystemSync.sync(tree);
      Zfs.change("snapshot", passing);
      try {
        cloneSnapshot(passing, target, to);
      } finally {
        // A clone of it keeps it until its own end.
        uninterrupted(() -> Zfs.change("destroy", "-d", passing));
      }
    });
  }

  private static void cloneSnapshot(String snapshot, Path target, String dataset)
      throws IOException {
    try {
      make(target, List.of("clone"), List.of(snapshot, dataset));
    } catch (IOException e) {
      removeAfter(e, target, dataset);
      throw e;
    }
  }

  @Override
  public void sync(Collection<Path> trees) throws IOException {
    for (Path tree : trees) {
      if (Files.exists(tree)) {
        FileSystemSync.sync(tree);
      }
    }
  }

  @Override
  public void seal(Path tree) throws IOException {
    OffCarrier.run(() -> {
      String dataset = datasets().require(tree);
      FileSystemSync.sync(tree);
      Zfs.change("set", "readonly=on", dataset);
      Zfs.change("snapshot", dataset + ZfsDatasets.SEALED);
    });
  }

  /** A sealed tree that has clones is gone when this returns; its blocks go with the last clone. */
  @Override
  public void delete(Path tree) throws IOException {
    OffCarrier.run(() -> {
      ZfsDatasets datasets = datasets();
      Optional<String> dataset = datasets.find(tree);
      if (dataset.isPresent()) {
        new ZfsRemoval(datasets).remove(dataset.get());
      }
      if (Files.isDirectory(FilePool.parent(tree))) {
        try (Directory parent = Directory.open(FilePool.parent(tree))) {
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
  public void requireRoom(long bytes) throws IOException {
    room.require(bytes);
  }

  @Override
  public boolean isLow() throws IOException {
    return room.isLow();
  }

  /**
   * On ZFS a tree that has clones keeps all that it holds until they are gone; what is exclusive to
   * it is then nothing.
   */
  @Override
  public Usage usage(Path tree) throws IOException {
    Usage[] usage = new Usage[1];
    OffCarrier.run(() -> {
      String dataset = datasets().require(tree);
      long referenced = Long.parseLong(Zfs.property(dataset, "referenced"));
      String sealed = dataset + ZfsDatasets.SEALED;
      boolean cloned =
          Zfs.rows("list", "-H", "-r", "-t", "filesystem", "-o", "origin", datasets().parent())
              .contains(List.of(sealed));
      long used = cloned ? 0 : Long.parseLong(Zfs.property(dataset, "used"));
      usage[0] = new Usage(used, Math.max(0, referenced - used));
    });
    return usage[0];
  }

  @Override
  public void recover() throws IOException {
    OffCarrier.run(() -> new ZfsRecovery(datasets()).run());
  }

  /** Removes what probes that were killed have left. */
  static void removeBelow(Path directory, String prefix) throws IOException {
    ZfsDatasets datasets = ZfsDatasets.at(directory);
    ZfsRemoval removal = new ZfsRemoval(datasets);
    for (ZfsDatasets.Row row : datasets.all()) {
      if (row.name().startsWith(datasets.parent() + "/" + prefix)) {
        removal.remove(row.name());
      }
    }
  }

  private ZfsDatasets datasets() throws IOException {
    return ZfsDatasets.at(room.directory());
  }

  private static void make(Path tree, List<String> verb, List<String> names) throws IOException {
    List<String> command = new ArrayList<>(verb);
    for (String property : PROPERTIES) {
      command.addAll(List.of("-o", property));
    }
    command.addAll(List.of("-o", "mountpoint=" + tree.toAbsolutePath().normalize()));
    command.addAll(names);
    String[] arguments = command.toArray(String[]::new);
    Result result = Zfs.run(arguments);
    if (!result.succeeded()) {
      throw Zfs.failed(result, verb.getFirst(), names.getLast());
    }
    try (Directory root = Directory.open(tree)) {
      if (!root.status().mountRoot()) {
        throw new IOException("the dataset %s was not mounted".formatted(names.getLast()));
      }
    }
  }

  private static void changeMode(Path tree) throws IOException {
    try (Directory root = Directory.open(tree)) {
      root.changeMode(0700);
    }
  }

  /** ZFS would mount over it. */
  private static void requireNothingAt(Path tree) throws IOException {
    if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(tree + " exists already");
    }
  }

  private static void removeAfter(IOException failure, Path tree, String dataset) {
    try {
      uninterrupted(() -> {
        Result result = Zfs.patiently("destroy", dataset);
        if (!result.succeeded() && !Zfs.saysMissing(result)) {
          throw Zfs.failed(result, "destroy", dataset);
        }
        Files.deleteIfExists(tree);
      });
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** What is begun is cleaned up also by a thread that was interrupted. */
  private static void uninterrupted(OffCarrier.Work work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
