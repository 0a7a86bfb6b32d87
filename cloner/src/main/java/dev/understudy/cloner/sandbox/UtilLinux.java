package dev.understudy.cloner.sandbox;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code unshare}, {@code mount}, {@code pivot_root} and {@code setpriv} of util-linux, which every
 * distribution has, to the same effect as {@link Bubblewrap}. Slower: some twenty small processes.
 *
 * <p>An ordinary user is root of a first user namespace while the mounts are made, and itself again
 * in a second one inside, where those mounts belong to somebody else.
 */
public final class UtilLinux implements Sandbox {
  private static final String SCRIPT = script();

  private final SandboxFiles files;

  public UtilLinux(SandboxFiles files) {
    this.files = requireNonNull(files, "files is null");
  }

  @Override
  public String describe() {
    return Accounts.isRoot()
        ? "util-linux, and a user for clones"
        : "util-linux, with the daemon's own user";
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
    List<String> all = new ArrayList<>(List.of("setsid", "unshare"));
    if (!Accounts.isRoot()) {
      all.addAll(List.of("--user", "--map-root-user"));
    }
    all.addAll(List.of("--mount", "--propagation", "private", "--pid", "--fork"));
    all.addAll(List.of("--ipc", "--uts", "--cgroup"));
    if (!confinement.reach().network()) {
      all.add("--net");
    }
    Path root = files.root();
    all.addAll(List.of("/bin/sh", "-c", SCRIPT, "understudy-sandbox", root.toString()));
    mounts(all, confinement);
    all.add("--");
    if (Accounts.isRoot()) {
      all.addAll(Privileges.become(confinement.account()));
    } else {
      all.addAll(List.of("unshare", "--user", "--keep-caps"));
      all.add("--map-user=" + confinement.account().uid());
      all.add("--map-group=" + confinement.account().gid());
      all.addAll(Privileges.dropAll());
    }
    all.addAll(Init.reaping(command));
    return all;
  }

  /** Triples of what, from and to. */
  private void mounts(List<String> all, Confinement confinement) {
    for (SystemFiles.Entry entry : SystemFiles.entries()) {
      switch (entry) {
        case SystemFiles.Entry.Shown shown ->
            mount(all, shown.directory() ? "directory" : "file", shown.path(), shown.path());
        case SystemFiles.Entry.Link link -> mount(all, "link", link.target(), link.path());
      }
    }
    files
        .shown(confinement.reach())
        .forEach((name, file) -> mount(all, "file", file, Path.of("/etc", name)));
    Inside inside = inside(confinement);
    if (!inside.home().equals(confinement.home())) {
      mount(all, "directory", confinement.home(), inside.home());
    }
    mount(all, "writable", confinement.data(), inside.data());
    mount(all, "writable", confinement.sockets(), inside.sockets());
    confinement
        .reach()
        .shown()
        .forEach((name, shown) -> mount(all, "directory", shown, Path.of("/", name)));
  }

  private static void mount(List<String> all, String kind, Path from, Path to) {
    all.add(kind);
    all.add(from.toString());
    all.add(to.toString());
  }

  private static String script() {
    try (InputStream script = UtilLinux.class.getResourceAsStream("util-linux.sh")) {
      return new String(
          requireNonNull(script, "util-linux.sh is missing").readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
