package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.ZfsFileSystem;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The same on datasets of a ZFS. */
final class EnvironmentsOnZfsIT extends EnvironmentsIT {
  private @Nullable ZfsFileSystem fileSystem;

  @Override
  Path parent() throws Exception {
    fileSystem = ZfsFileSystem.mount(4096);
    // The data directory is a dataset itself.
    fileSystem.create("d");
    return fileSystem.directory();
  }

  @Override
  void release(Path made) throws Exception {
    requireNonNull(fileSystem).close();
  }
}
