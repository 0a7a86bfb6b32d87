package dev.understudy.cloner.cgroup;

import static java.util.Objects.requireNonNull;

import dev.understudy.config.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * Finds out, by making one, whether this host lets the daemon make groups: in the tree of version 2
 * where the controllers are there, else in those of version 1.
 */
public final class ControlGroupProbe {
  private static final List<String> CONTROLLERS = List.of("memory", "cpu", "pids");
  private static final String TRIAL = "trial";
  private static final String DAEMON = "understudy-daemon";

  private final Path root;
  private final Path proc;
  private final String instance;

  /**
   * @param root where control groups are mounted
   * @param proc of this process
   */
  ControlGroupProbe(Path root, Path proc, Path dataDirectory) {
    this.root = requireNonNull(root, "root is null");
    this.proc = requireNonNull(proc, "proc is null");
    this.instance = instance(dataDirectory);
  }

  /** Groups for the clones of one data directory. */
  public ControlGroupProbe(Path dataDirectory) {
    this(Path.of("/sys/fs/cgroup"), Path.of("/proc/self"), dataDirectory);
  }

  /**
   * The groups.
   *
   * @throws IOException saying what stands in the way
   */
  public ControlGroups find() throws IOException {
    Layout layout = isUnified() ? unified() : separate();
    KernelGroups groups = new KernelGroups(layout);
    for (Path parent : layout.parents()) {
      Files.createDirectories(parent.resolve(TRIAL));
    }
    try {
      groups.change(TRIAL, new Resources(1L << 30, 1, 100, null, null));
    } finally {
      groups.remove(TRIAL);
    }
    return groups;
  }

  /**
   * Removes what {@link #find} has made, where no clone has a group. For a host that is looked at.
   */
  public void forget() throws IOException {
    Layout layout = isUnified() ? unified() : separate();
    new KernelGroups(layout).sweep(Set.of());
    for (Path parent : layout.parents()) {
      Files.deleteIfExists(parent);
    }
  }

  private boolean isUnified() throws IOException {
    Path controllers = root.resolve("cgroup.controllers");
    return Files.exists(controllers) && words(controllers).containsAll(CONTROLLERS);
  }

  private Layout.Separate separate() throws IOException {
    return new Layout.Separate(separate("memory"), separate("cpu"), separate("pids"));
  }

  /** Below the daemon's own group, whose limits hold for its clones, too. */
  private Path separate(String controller) throws IOException {
    Path tree = root.resolve(controller);
    if (!Files.isDirectory(tree)) {
      throw new IOException("the kernel offers no control groups for " + controller);
    }
    Path parent = own(tree, controller).resolve(instance);
    Files.createDirectories(parent);
    return parent;
  }

  private Layout.Unified unified() throws IOException {
    // The root of all alone may have processes beside groups.
    boolean real = !Files.exists(root.resolve("cgroup.type"));
    Path base = real && Files.isWritable(root) ? root.resolve("understudy") : own(root, "");
    Files.createDirectories(base);
    if (base.getParent() != null && base.getParent().equals(root)) {
      enable(root);
    }
    if (!words(base.resolve("cgroup.subtree_control")).containsAll(CONTROLLERS)) {
      makeRoom(base);
      enable(base);
    }
    Path parent = base.resolve(instance);
    Files.createDirectories(parent);
    enable(parent);
    return new Layout.Unified(parent);
  }

  /** A group has either processes or groups with limits: those that are there get one, too. */
  private static void makeRoom(Path group) throws IOException {
    List<String> processes = words(group.resolve("cgroup.procs"));
    if (!processes.isEmpty()) {
      Path leaf = Files.createDirectories(group.resolve(DAEMON));
      for (String process : processes) {
        Files.writeString(leaf.resolve("cgroup.procs"), process);
      }
    }
  }

  private static void enable(Path group) throws IOException {
    for (String controller : CONTROLLERS) {
      Files.writeString(group.resolve("cgroup.subtree_control"), "+" + controller);
    }
  }

  /** This process's group in a tree; the tree's own root where it is mounted from there. */
  private Path own(Path tree, String controller) throws IOException {
    for (String line : Files.readAllLines(proc.resolve("cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && Arrays.asList(parts[1].split(",", -1)).contains(controller)) {
        Path own = tree.resolve(parts[2].substring(1));
        // A daemon of before may have moved there.
        Path above =
            DAEMON.equals(String.valueOf(own.getFileName())) ? own.resolveSibling("") : own;
        return Files.isDirectory(above) ? above : tree;
      }
    }
    return tree;
  }

  private static List<String> words(Path file) throws IOException {
    String text = Files.readString(file).strip();
    return text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
  }

  /** The name of the group of all clones. */
  static String instance(Path dataDirectory) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(dataDirectory.toString().getBytes(StandardCharsets.UTF_8));
      return "understudy-" + HexFormat.of().formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
