package dev.understudy.cloner.spare;

/** Room among the running servers for a spare that is there or is being made. */
@FunctionalInterface
public interface SparePlace extends AutoCloseable {
  /** Gives it back. To be called once. */
  @Override
  void close();
}
