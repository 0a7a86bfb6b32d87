package dev.understudy.cloner.snapshot;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The snapshots that clones are made of. Thread-safe. */
@FunctionalInterface
public interface Snapshots {
  /** The newest of a source that may serve. Cheap. It may be removed at any time. */
  Optional<Snapshot> newest(String source);

  /**
   * Whether data of a source that was masked in this way may serve, by the settings of today.
   *
   * @param mask digest of the rules; null: not masked
   */
  default boolean isWanted(String source, @Nullable String mask) {
    return true;
  }

  /** Those of a source that may serve, newest first. */
  default List<Snapshot> of(String source) {
    return newest(source).stream().toList();
  }

  /** One of a source, by its id, if it may serve; it is not removed before it is released. */
  default Optional<HeldSnapshot> hold(String source, String id) {
    return of(source).stream()
        .filter(snapshot -> snapshot.id().equals(id))
        .findFirst()
        .map(snapshot -> new HeldSnapshot(snapshot, () -> {}));
  }

  /** One that is still there, whether it may serve or not. Cheap. */
  default Optional<Snapshot> find(String source, String id) {
    return newest(source).filter(snapshot -> snapshot.id().equals(id));
  }

  /** The newest of a source, which is not removed before it is released. */
  default Optional<HeldSnapshot> hold(String source) {
    return newest(source).map(snapshot -> new HeldSnapshot(snapshot, () -> {}));
  }
}
