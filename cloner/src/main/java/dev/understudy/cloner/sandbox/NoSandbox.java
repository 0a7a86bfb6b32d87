package dev.understudy.cloner.sandbox;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.Accounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Only another user where the daemon is root, and no new privileges. For hosts that cannot isolate
 * and settings that say so.
 */
public final class NoSandbox implements Sandbox {
  private final Path dataDirectory;

  /**
   * For servers on data below this directory.
   *
   * @param dataDirectory the daemon's own
   */
  public NoSandbox(Path dataDirectory) {
    this.dataDirectory = requireNonNull(dataDirectory, "dataDirectory is null");
  }

  @Override
  public String describe() {
    return "none: a clone's superuser reaches whatever its operating system user reaches";
  }

  @Override
  public boolean isolates() {
    return false;
  }

  @Override
  public Inside inside(Confinement confinement) {
    return new Inside(
        confinement.home(), confinement.data(), confinement.sockets(), confinement.reach().shown());
  }

  /**
   * Lets the other user pass through the daemon's directories, without seeing what else is there.
   */
  @Override
  public void prepare(Confinement confinement) throws IOException {
    if (Accounts.isRoot()) {
      letThrough(confinement.data().getParent());
      letThrough(confinement.sockets().getParent());
      for (Path shown : confinement.reach().shown().values()) {
        letThrough(shown.getParent());
      }
    }
  }

  private void letThrough(@Nullable Path directory) throws IOException {
    if (directory == null || !directory.startsWith(dataDirectory)) {
      return;
    }
    Set<PosixFilePermission> permissions =
        EnumSet.copyOf(Files.getPosixFilePermissions(directory, NOFOLLOW_LINKS));
    if (permissions.add(PosixFilePermission.OTHERS_EXECUTE)) {
      Files.setPosixFilePermissions(directory, permissions);
    }
    letThrough(directory.getParent());
  }

  @Override
  public List<String> command(Confinement confinement, List<String> command) {
    List<String> all = new ArrayList<>(List.of("setsid"));
    all.addAll(Accounts.isRoot() ? Privileges.become(confinement.account()) : Privileges.keep());
    all.addAll(Init.direct(command));
    return all;
  }
}
