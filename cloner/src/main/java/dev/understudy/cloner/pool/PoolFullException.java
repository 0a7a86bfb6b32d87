package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** There was no space left, or a quota was reached. What was begun has been removed again. */
public final class PoolFullException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final long UNKNOWN = -1;

  private final long wanted;

  public PoolFullException(String message) {
    this(message, UNKNOWN);
  }

  /**
   * Nothing was begun.
   *
   * @param wanted bytes, beside those that stay free
   */
  PoolFullException(String message, long wanted) {
    super(requireNonNull(message, "message is null"));
    this.wanted = wanted;
  }

  /** For how much there was no room; empty if that was not known in advance. */
  public OptionalLong wanted() {
    return wanted == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(wanted);
  }

  /** The failure itself, or, if it was for want of space, one that says so. */
  public static IOException orSame(IOException failure, Path tree) {
    if (!(failure instanceof PoolFullException) && isFull(failure)) {
      PoolFullException full =
          new PoolFullException(
              "no space left in the pool for %s (%s)".formatted(tree, failure.getMessage()));
      full.initCause(failure);
      return full;
    }
    return failure;
  }

  /** The JDK's own failures tell it only by the system's words. */
  private static boolean isFull(IOException failure) {
    return failure instanceof SystemCallException call
        ? call.isFull()
        : isFull(failure.getMessage());
  }

  /** Words of the system, or of a server's log. */
  public static boolean isFull(@Nullable String words) {
    return words != null
        && (words.contains("No space left on device") || words.contains("Disk quota exceeded"));
  }
}
