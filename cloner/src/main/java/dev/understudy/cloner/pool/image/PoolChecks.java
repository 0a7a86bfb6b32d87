package dev.understudy.cloner.pool.image;

import dev.understudy.cloner.host.Accounts;
import dev.understudy.cloner.host.FileTrouble;
import dev.understudy.cloner.host.Mount;
import dev.understudy.cloner.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What must be so before a pool is made. Changes nothing. */
final class PoolChecks {
  private PoolChecks() {}

  /** Why this host and this user cannot make one; empty if they can. */
  static Optional<PoolImageException> impediment(ImageType type, boolean device) {
    if (!Accounts.isRoot()) {
      return refusal(
          "mounting a file system takes root",
          "Run it with sudo; the daemon may run as an ordinary user afterwards, but only root can"
              + " mount the pool again after a reboot.");
    }
    if (Programs.find(type.maker()).isEmpty()) {
      return refusal(
          "the program %s is not installed".formatted(type.maker()),
          "Install the package %s.".formatted(type.packageName()));
    }
    for (String program : List.of("mount", "umount", "blkid", "wipefs")) {
      if (Programs.find(program).isEmpty()) {
        return refusal("the program %s is not installed".formatted(program), "Install util-linux.");
      }
    }
    if (!device && !Files.exists(Path.of("/dev/loop-control"))) {
      return refusal(
          "this host has no loop devices",
          "In a container they are the host's to give: make the pool outside and mount it here.");
    }
    return Optional.empty();
  }

  private static Optional<PoolImageException> refusal(String message, String hint) {
    return Optional.of(new PoolImageException(message, hint));
  }

  static void require(PoolPlan plan) throws PoolImageException, InterruptedException {
    Optional<PoolImageException> impediment = impediment(plan.type(), plan.device());
    if (impediment.isPresent()) {
      throw impediment.get();
    }
    try {
      requireVacant(plan.dataDirectory());
      if (plan.device()) {
        requireBlankDevice(plan.backing());
      } else {
        requireNewFile(plan);
      }
    } catch (IOException e) {
      throw new PoolImageException(String.valueOf(e.getMessage()), FileTrouble.hint(e), e);
    }
  }

  private static void requireVacant(Path directory) throws PoolImageException, IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new PoolImageException(
          directory + " is not a directory",
          "Name another data directory, or move that file away.");
    }
    if (Mount.at(directory).isPresent()) {
      throw new PoolImageException(
          "a file system is mounted at %s already".formatted(directory),
          "If it is of another kind than wanted, unmount it, and take it out of /etc/fstab.");
    }
    try (Stream<Path> entries = Files.list(directory)) {
      if (entries.findAny().isPresent()) {
        throw new PoolImageException(
            "%s is not empty; what is in it would be hidden by the pool".formatted(directory),
            "Choose another data-directory, or move away what is there: a daemon that has been used"
                + " there makes new snapshots and environments in the pool.");
      }
    }
  }

  private static void requireNewFile(PoolPlan plan) throws PoolImageException, IOException {
    if (Files.exists(plan.backing(), LinkOption.NOFOLLOW_LINKS)) {
      throw new PoolImageException(
          plan.backing() + " exists already", "Name another one with --file, or remove it.");
    }
    if (plan.backing().startsWith(plan.dataDirectory())) {
      throw new PoolImageException(
          "the image cannot lie in the directory that it is mounted on",
          "Name a place outside of it with --file.");
    }
    if (plan.bytes() < PoolPlan.LEAST_BYTES) {
      throw new PoolImageException(
          "%d MiB are too small for a pool".formatted(plan.bytes() >> 20),
          "Give it %d MiB or more; a sparse file takes space only as it is filled."
              .formatted(PoolPlan.LEAST_BYTES >> 20));
    }
  }

  private static void requireBlankDevice(Path device)
      throws PoolImageException, IOException, InterruptedException {
    if (!Files.exists(device)) {
      throw new PoolImageException(
          "there is no device " + device,
          "lsblk lists those that there are. Without one of its own, a pool lies in a file:"
              + " --file.");
    }
    if (!Files.readAttributes(device, BasicFileAttributes.class).isOther()) {
      throw new PoolImageException(
          device + " is not a block device", "Name a file with --file instead.");
    }
    for (Mount mount : Mount.of("self")) {
      if (mount.source().equals(device.toRealPath().toString())) {
        throw new PoolImageException(
            "%s is mounted at %s".formatted(device, mount.point()),
            "Name a device that nothing uses, or unmount it if what it holds may go.");
      }
    }
    String contents = Tools.contents(device);
    if (!contents.isEmpty()) {
      throw new PoolImageException(
          "%s is not blank: %s".formatted(device, contents),
          "Choose another device. If nobody needs what is there, remove it with wipefs -a %s first."
              .formatted(device));
    }
  }

  /** What goes well and may not stay so. */
  static List<String> warnings(PoolPlan plan) throws IOException {
    List<String> warnings = new ArrayList<>();
    if (!plan.device()) {
      Path parent = plan.backing().getParent();
      long free = Files.getFileStore(parent == null ? Path.of("/") : parent).getUsableSpace();
      if (plan.bytes() > free) {
        warnings.add(
            "the image may grow to %d MiB, and its file system has %d MiB free: pool.min-free is kept of both"
                .formatted(plan.bytes() >> 20, free >> 20));
      }
    }
    return warnings;
  }
}
