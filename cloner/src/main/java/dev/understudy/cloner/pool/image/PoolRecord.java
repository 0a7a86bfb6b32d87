package dev.understudy.cloner.pool.image;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.state.JsonFile;
import java.nio.file.Path;

/**
 * What is mounted on a data directory: kept beside that directory, as {@code NAME.pool.json},
 * because what is in it cannot be read before the mount.
 *
 * @param state how far making it has come
 * @param backing absolute path of an image file, or of a block device
 * @param device which of both
 * @param bytes size of the file; 0 for a device
 * @param id UUID of the file system, chosen before it is made
 */
record PoolRecord(
    State state, String backing, boolean device, long bytes, ImageType type, String id) {
  /** Of a pool. */
  enum State {
    /** What there is of it is of no use. */
    MAKING,
    READY
  }

  PoolRecord {
    requireNonNull(state, "state is null");
    requireNonNull(backing, "backing is null");
    requireNonNull(type, "type is null");
    requireNonNull(id, "id is null");
  }

  static JsonFile<PoolRecord> file(Path dataDirectory) {
    return new JsonFile<>(
        dataDirectory.resolveSibling(dataDirectory.getFileName() + ".pool.json"), PoolRecord.class);
  }

  PoolRecord ready() {
    return new PoolRecord(State.READY, backing, device, bytes, type, id);
  }

  Path place() {
    return Path.of(backing);
  }
}
