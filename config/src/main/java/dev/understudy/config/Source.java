package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A production server that is mirrored.
 *
 * @param type how its data gets here
 * @param fidelity what is done to its snapshots
 * @param mask what is masked in them; null: nothing, and nobody said that this is all right
 */
public record Source(
    String name,
    SourceType type,
    SnapshotPolicy snapshots,
    Fidelity fidelity,
    @Nullable MaskPolicy mask) {
  public Source {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
    requireNonNull(snapshots, "snapshots is null");
    requireNonNull(fidelity, "fidelity is null");
  }

  /** One that is not masked. */
  public Source(String name, SourceType type, SnapshotPolicy snapshots, Fidelity fidelity) {
    this(name, type, snapshots, fidelity, null);
  }

  /** One that is copied once, with defaults for all the rest. */
  public Source(String name, SourceType type) {
    this(name, type, SnapshotPolicy.ONCE, Fidelity.DEFAULT);
  }
}
