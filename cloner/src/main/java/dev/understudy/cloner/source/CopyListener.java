package dev.understudy.cloner.source;

/** Hears how far a copy of production is. Called by one thread at a time; must be quick. */
@FunctionalInterface
public interface CopyListener {
  /**
   * After each file.
   *
   * @param total bytes that were counted before; production may have grown since
   */
  void copied(long files, long bytes, long total);

  /**
   * While the rules of a mask change the copy's tables.
   *
   * @param tables that are done
   * @param bytes of tables, that which is under way in part
   * @param total bytes of all tables that the rules change
   */
  default void masked(long tables, long bytes, long total) {}

  static CopyListener silent() {
    return (files, bytes, total) -> {};
  }
}
