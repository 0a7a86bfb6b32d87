package dev.understudy.cloner.clone;

import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;

/** A sealed tree. */
record SnapshotTemplate(Snapshot snapshot, Pool pool) implements Template {
  @Override
  public Origin origin() {
    return Origin.of(snapshot);
  }

  @Override
  public long sizeBytes() {
    return snapshot.sizeBytes();
  }

  @Override
  public void copyTo(Path target) throws IOException {
    pool.copy(snapshot.data(), target);
  }
}
