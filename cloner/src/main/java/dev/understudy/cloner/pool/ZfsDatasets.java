package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which dataset is which tree: the children of the dataset that is mounted at the pool's directory,
 * named by the tree's path from there, with colons for slashes, and something random: the dataset
 * of a deleted tree may have to stay, and does not stand in the way of the next tree there.
 *
 * @param parent the dataset at the pool's directory
 * @param root the directory
 */
record ZfsDatasets(String parent, Path root) {
  /** Marks a dataset of ours: what has it not is never touched. */
  static final String TREE = "dev.understudy:tree";

  /** Marks a tree that was deleted and waits for the last of its clones. */
  static final String DROPPED = "dev.understudy:dropped";

  static final String SEALED = "@sealed";

  /** Of a tree that is not sealed, taken for one copy. */
  static final String FOR_COPY = "@copy-";

  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

  /** Of the 255 that ZFS allows, some are for the names of snapshots. */
  private static final int LONGEST = 220;

  private static final SecureRandom RANDOM = new SecureRandom();

  ZfsDatasets {
    requireNonNull(parent, "parent is null");
    requireNonNull(root, "root is null");
  }

  /**
   * Those at a directory that is a mounted dataset itself.
   *
   * @throws IOException for people, if it is not
   */
  static ZfsDatasets at(Path directory) throws IOException {
    Path real = directory.toRealPath();
    Mount mount = Mount.holding(real);
    if (!isZfs(mount)) {
      throw new IOException("%s is on %s".formatted(directory, mount.type()));
    }
    if (!mount.point().equals(real)) {
      throw new IOException(
          "%s is only a directory of the dataset %s: give it one of its own with"
                  .formatted(directory, mount.source())
              + " zfs create -o mountpoint=%s %s/understudy".formatted(directory, mount.source()));
    }
    return new ZfsDatasets(mount.source(), real);
  }

  /** Also where ZFS is mounted by FUSE. */
  static boolean isZfs(Mount mount) {
    return mount.type().equals("zfs") || mount.type().equals("fuse.zfs");
  }

  /** The dataset of a tree, mounted or not, that was not deleted. */
  Optional<String> find(Path tree) throws IOException {
    Optional<String> name = prefix(tree);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Optional<Mount> mount = Mount.at(tree.toAbsolutePath().normalize());
    if (mount.isPresent() && mount.get().source().startsWith(name.get())) {
      return mount.map(Mount::source);
    }
    return all().stream()
        .filter(row -> row.name().startsWith(name.get()) && !row.dropped())
        .map(Row::name)
        .findFirst();
  }

  String require(Path tree) throws IOException {
    return find(tree)
        .orElseThrow(() -> new IOException(tree + " is no tree of the dataset " + parent));
  }

  /** A name for the dataset of a new tree. */
  String name(Path tree) throws IOException {
    return prefix(tree)
            .orElseThrow(() -> new IOException(tree + " cannot be a dataset below " + parent))
        + random();
  }

  /** Empty for what cannot be a tree of this pool. */
  private Optional<String> prefix(Path tree) {
    Path path = tree.toAbsolutePath().normalize();
    if (!path.startsWith(root) || path.equals(root)) {
      return Optional.empty();
    }
    String relative = root.relativize(path).toString();
    String dataset = parent + "/" + relative.replace('/', ':') + ":";
    return PATH.matcher(relative).matches() && dataset.length() <= LONGEST
        ? Optional.of(dataset)
        : Optional.empty();
  }

  /** Where the tree of a dataset belongs. */
  Path path(String dataset) {
    String name = dataset.substring(parent.length() + 1, dataset.lastIndexOf(':'));
    return root.resolve(name.replace(':', '/'));
  }

  static String forCopy(String dataset) {
    return dataset + FOR_COPY + random();
  }

  /** Eight digits. */
  private static String random() {
    return HexFormat.of().toHexDigits(RANDOM.nextInt());
  }

  /** Of each tree, deleted or not: name, whether it is mounted, where it should be. */
  List<Row> all() throws IOException {
    return Zfs.rows(
            "list",
            "-H",
            "-r",
            "-t",
            "filesystem",
            "-o",
            "name,mounted,mountpoint," + TREE + "," + DROPPED,
            parent)
        .stream()
        .filter(columns -> columns.size() == 5 && columns.get(3).equals("on"))
        .map(columns ->
            new Row(
                columns.get(0),
                columns.get(1).equals("yes"),
                columns.get(2),
                columns.get(4).equals("on")))
        // Our mark is inherited, by snapshots and by what somebody made inside a tree.
        .filter(row -> isTree(row.name()))
        .toList();
  }

  private boolean isTree(String dataset) {
    return dataset.startsWith(parent + "/")
        && dataset.indexOf('/', parent.length() + 1) < 0
        && dataset.contains(":");
  }

  /** Snapshots of trees that were taken for one copy, by name. */
  List<String> forCopies() throws IOException {
    return Zfs.rows("list", "-H", "-r", "-t", "snapshot", "-o", "name," + TREE, parent).stream()
        .filter(columns -> columns.size() == 2 && columns.get(1).equals("on"))
        .map(List::getFirst)
        .filter(snapshot -> {
          int at = snapshot.indexOf(FOR_COPY);
          return at >= 0 && isTree(snapshot.substring(0, at));
        })
        .toList();
  }

  /** One dataset of ours. */
  record Row(String name, boolean mounted, String mountPoint, boolean dropped) {}
}
