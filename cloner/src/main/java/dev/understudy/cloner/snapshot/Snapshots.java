package dev.understudy.cloner.snapshot;

import java.util.Optional;

/** The snapshots that clones are made of. Thread-safe. */
@FunctionalInterface
public interface Snapshots {
  /** The newest of a source. Cheap. It may be removed at any time. */
  Optional<Snapshot> newest(String source);

  /** The newest of a source, which is not removed before it is released. */
  default Optional<HeldSnapshot> hold(String source) {
    return newest(source).map(snapshot -> new HeldSnapshot(snapshot, () -> {}));
  }
}
