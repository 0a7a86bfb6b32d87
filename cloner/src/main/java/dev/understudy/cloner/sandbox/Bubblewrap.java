package dev.understudy.cloner.sandbox;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * bubblewrap. For root it makes the mounts as root, so that 0700 directories above are no obstacle,
 * and the user changes inside; an ordinary user gets a user namespace with the same uid.
 */
public final class Bubblewrap implements Sandbox {
  private final SandboxFiles files;
  private final boolean canDisableUserNamespaces;

  /**
   * @param canDisableUserNamespaces this bubblewrap knows {@code --disable-userns} (0.8 and later)
   */
  public Bubblewrap(SandboxFiles files, boolean canDisableUserNamespaces) {
    this.files = requireNonNull(files, "files is null");
    this.canDisableUserNamespaces = canDisableUserNamespaces;
  }

  @Override
  public String describe() {
    return Accounts.isRoot()
        ? "bubblewrap, and a user for clones"
        : "bubblewrap, with the daemon's own user";
  }

  @Override
  public boolean isolates() {
    return true;
  }

  @Override
  public Inside inside(Confinement confinement) {
    return Inside.of(confinement);
  }

  @Override
  public List<String> command(Confinement confinement, List<String> command) {
    List<String> all = new ArrayList<>(List.of("setsid", "bwrap"));
    namespaces(all, confinement.reach());
    system(all, confinement.reach());
    Inside inside = inside(confinement);
    if (!inside.home().equals(confinement.home())) {
      mount(all, "--ro-bind", confinement.home(), inside.home());
    }
    mount(all, "--bind", confinement.data(), inside.data());
    mount(all, "--bind", confinement.sockets(), inside.sockets());
    confinement.reach().shown().forEach((name, shown) -> show(all, shown, Path.of("/", name)));
    all.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"));
    all.addAll(List.of("--clearenv", "--setenv", "PATH", "/usr/bin:/bin"));
    if (Accounts.isRoot()) {
      all.addAll(List.of("--cap-drop", "ALL", "--cap-add", "CAP_SETUID"));
      all.addAll(List.of("--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP", "--"));
      all.addAll(Privileges.become(confinement.account()));
    } else {
      all.add("--");
    }
    all.addAll(Init.reaping(command));
    return all;
  }

  private void namespaces(List<String> all, Reach reach) {
    all.addAll(List.of("--unshare-pid", "--as-pid-1", "--unshare-ipc"));
    if (!reach.network()) {
      all.add("--unshare-net");
    }
    all.addAll(List.of("--unshare-uts", "--hostname", "understudy"));
    if (Files.exists(Path.of("/proc/self/ns/cgroup"))) {
      all.add("--unshare-cgroup");
    }
    if (!Accounts.isRoot()) {
      all.add("--unshare-user");
      if (canDisableUserNamespaces) {
        all.add("--disable-userns");
      }
    }
  }

  private void system(List<String> all, Reach reach) {
    directories(all);
    for (SystemFiles.Entry entry : SystemFiles.entries()) {
      switch (entry) {
        case SystemFiles.Entry.Shown shown -> mount(all, "--ro-bind", shown.path(), shown.path());
        case SystemFiles.Entry.Link link -> mount(all, "--symlink", link.target(), link.path());
      }
    }
    files
        .shown(reach)
        .forEach((name, file) -> mount(all, "--ro-bind", file, Path.of("/etc", name)));
    all.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    all.addAll(List.of("--perms", "1777", "--tmpfs", "/dev/shm"));
    all.addAll(List.of("--perms", "1777", "--tmpfs", "/tmp"));
  }

  /** Those on the way to what is shown, which bubblewrap itself would open to root only. */
  private static void directories(List<String> all) {
    Set<Path> made = new TreeSet<>();
    made.add(Path.of("/etc"));
    for (SystemFiles.Entry entry : SystemFiles.entries()) {
      Path parent = entry.path().getParent();
      while (parent != null && parent.getNameCount() > 0) {
        made.add(parent);
        parent = parent.getParent();
      }
    }
    for (Path directory : made) {
      all.addAll(List.of("--perms", "0755", "--dir", directory.toString()));
    }
  }

  private static void show(List<String> all, Path from, Path to) {
    for (int names = 1; names < to.getNameCount(); names++) {
      all.addAll(List.of("--perms", "0755", "--dir", "/" + to.subpath(0, names)));
    }
    mount(all, "--ro-bind", from, to);
  }

  private static void mount(List<String> all, String kind, Path from, Path to) {
    all.add(kind);
    all.add(from.toString());
    all.add(to.toString());
  }
}
