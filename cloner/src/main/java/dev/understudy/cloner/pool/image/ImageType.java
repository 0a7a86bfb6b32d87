package dev.understudy.cloner.pool.image;

import java.util.List;
import java.util.UUID;

/** File systems that share blocks and that can be made with common tools. */
public enum ImageType {
  BTRFS(
      "btrfs",
      "btrfs-progs",
      // An ordinary user may delete the clones that he made. Pages are written in place once they
      // are
      // a clone's own: else clones that write hard keep the file system so busy with its own trees
      // that a snapshot waits for seconds. PostgreSQL has checksums and full pages of its own.
      "user_subvol_rm_allowed,nodatacow,noatime,nosuid,nodev"),
  // Blocks that become free are given back to the file that holds the image; btrfs does so anyway.
  XFS("xfs", "xfsprogs", "noatime,nosuid,nodev,discard");

  private final String name;
  private final String packageName;
  private final String mountOptions;

  ImageType(String name, String packageName, String mountOptions) {
    this.name = name;
    this.packageName = packageName;
    this.mountOptions = mountOptions;
  }

  /** As {@code mount -t} has it. */
  public String lowerCase() {
    return name;
  }

  /** The program that makes one. */
  String maker() {
    return "mkfs." + name;
  }

  /** What to install for it, on Debian and others. */
  String packageName() {
    return packageName;
  }

  String mountOptions() {
    return mountOptions;
  }

  /** What follows the program, before the place. Never overwrites another file system. */
  List<String> makerOptions(UUID id) {
    return switch (this) {
      case BTRFS -> List.of("-q", "-L", "understudy", "-U", id.toString());
      case XFS -> List.of("-q", "-L", "understudy", "-m", "reflink=1,uuid=" + id);
    };
  }
}
