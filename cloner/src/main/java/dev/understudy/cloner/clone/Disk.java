package dev.understudy.cloner.clone;

import java.io.IOException;
import java.nio.file.Path;

/** Brings everything that was written to a path's file system onto the disk. */
@FunctionalInterface
public interface Disk {
  void sync(Path path) throws IOException;
}
