package dev.understudy.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A file system in a sparse file, mounted on a loop device while this is open. Needs root and the
 * tools of the file system.
 */
public record LoopImage(Path file, Path mountPoint) implements AutoCloseable {
  /** File systems that share blocks. */
  public enum Type {
    BTRFS,
    XFS;

    String lowerCase() {
      return this == BTRFS ? "btrfs" : "xfs";
    }
  }

  /** Makes {@code TYPE.img} and mounts it on {@code TYPE}, both in the directory. */
  public static LoopImage create(Path directory, Type type, long megabytes, String... mountOptions)
      throws IOException, InterruptedException {
    String name = type.lowerCase();
    LoopImage image = new LoopImage(directory.resolve(name + ".img"), directory.resolve(name));
    Files.createDirectory(image.mountPoint);
    String file = image.file.toString();
    Processes.run("truncate", "-s", megabytes + "M", file);
    Processes.run("mkfs." + name, "-q", file);
    List<String> options = new ArrayList<>(List.of(mountOptions));
    options.add("loop");
    Processes.run("mount", "-o", String.join(",", options), file, image.mountPoint.toString());
    Files.setPosixFilePermissions(image.mountPoint, PosixFilePermissions.fromString("rwxr-xr-x"));
    return image;
  }

  /** Why no image of this type can be mounted here; empty if one can. */
  public static String impediment(Type type) {
    if (!"root".equals(System.getProperty("user.name"))) {
      return "mounting a " + type.lowerCase() + " image needs root";
    }
    try {
      Processes.run(
          "sh", "-c", "command -v mkfs." + type.lowerCase() + " && test -e /dev/loop-control");
      return "";
    } catch (IOException e) {
      return "mkfs." + type.lowerCase() + " is not installed or there are no loop devices";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  @Override
  public void close() throws IOException {
    try {
      Processes.run("umount", mountPoint.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Files.deleteIfExists(file);
    Files.deleteIfExists(mountPoint);
  }
}
