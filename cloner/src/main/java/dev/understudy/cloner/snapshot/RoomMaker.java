package dev.understudy.cloner.snapshot;

/** Frees some of the pool at the cost of what is worth less than a snapshot. */
@FunctionalInterface
public interface RoomMaker {
  RoomMaker NONE = bytes -> false;

  /**
   * Returns true once so many bytes can be written and as much is free as is to stay so. Blocks,
   * for minutes at most.
   */
  boolean make(long bytes) throws InterruptedException;
}
