package dev.understudy.cloner.pool;

/**
 * The bytes that a tree occupies.
 *
 * @param exclusiveBytes nothing else has them: deleting the tree gives them back
 * @param sharedBytes at least one other tree has them too
 */
public record Usage(long exclusiveBytes, long sharedBytes) {
  public Usage {
    if (exclusiveBytes < 0 || sharedBytes < 0) {
      throw new IllegalArgumentException("negative: " + exclusiveBytes + ", " + sharedBytes);
    }
  }

  Usage plus(Usage other) {
    return new Usage(exclusiveBytes + other.exclusiveBytes, sharedBytes + other.sharedBytes);
  }

  /** For the log. */
  @Override
  public String toString() {
    return "%d KiB of its own, %d KiB shared".formatted(exclusiveBytes >> 10, sharedBytes >> 10);
  }
}
