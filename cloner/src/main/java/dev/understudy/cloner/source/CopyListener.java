package dev.understudy.cloner.source;

/** Hears how far a copy of production is. Called by the thread that copies; must be quick. */
@FunctionalInterface
public interface CopyListener {
  /**
   * After each file.
   *
   * @param total bytes that were counted before; production may have grown since
   */
  void copied(long files, long bytes, long total);

  static CopyListener silent() {
    return (files, bytes, total) -> {};
  }
}
