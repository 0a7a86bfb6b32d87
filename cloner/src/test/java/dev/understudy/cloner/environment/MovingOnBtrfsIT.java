package dev.understudy.cloner.environment;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.pool.LoopFileSystem;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The same on subvolumes of a loop-mounted btrfs. */
final class MovingOnBtrfsIT extends MovingIT {
  private @Nullable LoopFileSystem fileSystem;

  @Override
  Path parent() throws Exception {
    fileSystem = LoopFileSystem.mount("btrfs", 4096);
    return fileSystem.directory();
  }

  @Override
  void release(Path made) throws Exception {
    requireNonNull(fileSystem).close();
  }
}
