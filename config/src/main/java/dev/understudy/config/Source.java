package dev.understudy.config;

import static java.util.Objects.requireNonNull;

/**
 * A production server that is mirrored.
 *
 * @param type how its data gets here
 * @param fidelity what is done to its snapshots
 */
public record Source(String name, SourceType type, SnapshotPolicy snapshots, Fidelity fidelity) {
  public Source {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
    requireNonNull(snapshots, "snapshots is null");
    requireNonNull(fidelity, "fidelity is null");
  }

  /** One that is copied once, with defaults for all the rest. */
  public Source(String name, SourceType type) {
    this(name, type, SnapshotPolicy.ONCE, Fidelity.DEFAULT);
  }
}
