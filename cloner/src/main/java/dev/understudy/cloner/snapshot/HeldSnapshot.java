package dev.understudy.cloner.snapshot;

import static java.util.Objects.requireNonNull;

/**
 * A snapshot whose files stay where they are until this is closed.
 *
 * @param release called by {@link #close}
 */
public record HeldSnapshot(Snapshot snapshot, Runnable release) implements AutoCloseable {
  public HeldSnapshot {
    requireNonNull(snapshot, "snapshot is null");
    requireNonNull(release, "release is null");
  }

  /** To be called once. */
  @Override
  public void close() {
    release.run();
  }
}
