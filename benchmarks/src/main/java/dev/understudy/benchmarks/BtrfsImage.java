package dev.understudy.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A btrfs file system in a sparse file, mounted while this is open. Needs root and btrfs-progs. */
record BtrfsImage(Path file, Path mountPoint) implements AutoCloseable {
  static BtrfsImage create(Path directory, int gigabytes) throws IOException, InterruptedException {
    BtrfsImage image = new BtrfsImage(directory.resolve("btrfs.img"), directory.resolve("btrfs"));
    Files.createDirectory(image.mountPoint);
    Processes.run("truncate", "-s", gigabytes + "G", image.file.toString());
    Processes.run("mkfs.btrfs", "-q", image.file.toString());
    Processes.run("mount", "-o", "loop", image.file.toString(), image.mountPoint.toString());
    return image;
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
