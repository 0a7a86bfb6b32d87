package dev.understudy.cloner.pool;

import static java.util.Objects.requireNonNull;

import dev.understudy.cloner.host.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;

/** There was no space left, or a quota was reached. What was begun has been removed again. */
public final class PoolFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public PoolFullException(String message) {
    super(requireNonNull(message, "message is null"));
  }

  /** The failure itself, or, if it was for want of space, one that says so. */
  public static IOException orSame(IOException failure, Path tree) {
    if (failure instanceof SystemCallException call && call.isFull()) {
      PoolFullException full =
          new PoolFullException(
              "no space left in the pool for %s (%s)".formatted(tree, call.getMessage()));
      full.initCause(call);
      return full;
    }
    return failure;
  }
}
