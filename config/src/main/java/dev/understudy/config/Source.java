package dev.understudy.config;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A production server that is mirrored.
 *
 * @param type how its data gets here
 * @param fidelity what is done to its snapshots
 * @param mask what is masked in them; null: nothing, and nobody said that this is all right
 * @param spares how many clones of the newest one are kept ready
 */
public record Source(
    String name,
    SourceType type,
    SnapshotPolicy snapshots,
    Fidelity fidelity,
    @Nullable MaskPolicy mask,
    int spares) {
  public static final int SPARES = 1;
  public static final int MOST_SPARES = 100;

  public Source {
    requireNonNull(name, "name is null");
    requireNonNull(type, "type is null");
    requireNonNull(snapshots, "snapshots is null");
    requireNonNull(fidelity, "fidelity is null");
    if (spares < 0 || spares > MOST_SPARES) {
      throw new IllegalArgumentException("spares is " + spares);
    }
  }

  Source with(SourceType other) {
    return new Source(name, other, snapshots, fidelity, mask, spares);
  }

  /** One with the usual number of spares. */
  public Source(
      String name,
      SourceType type,
      SnapshotPolicy snapshots,
      Fidelity fidelity,
      @Nullable MaskPolicy mask) {
    this(name, type, snapshots, fidelity, mask, SPARES);
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
