package dev.understudy.cloner.clone;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.postgres.ServerException;
import java.io.IOException;

/** Tells a full file system from other trouble: the JDK knows it only by the system's words. */
public final class StorageErrors {
  /** A server that starts writes this much, and fails without a word where its log has no room. */
  private static final long NOTHING = 16L << 20;

  private StorageErrors() {}

  public static boolean isFull(IOException failure) {
    return failure instanceof PoolFullException || PoolFullException.isFull(failure.getMessage());
  }

  static CloneException translate(Reason reason, String message, IOException cause) {
    String words = String.valueOf(cause.getMessage());
    return isFull(cause)
        ? new CloneException(Reason.STORAGE_FULL, "the pool is full", words, cause)
        : new CloneException(reason, message, words, cause);
  }

  /** A server that did not start. */
  static CloneException translate(ServerException cause, Pool pool) {
    String message = String.valueOf(cause.getMessage());
    String tail = cause.logTail();
    boolean full = PoolFullException.isFull(message) || PoolFullException.isFull(tail);
    if (!full && hasNothing(pool)) {
      full = true;
      tail = "The pool is full.\n" + tail;
    }
    return new CloneException(
        full ? Reason.STORAGE_FULL : Reason.START_FAILED,
        message,
        tail.isBlank() ? null : tail.strip(),
        cause);
  }

  private static boolean hasNothing(Pool pool) {
    try {
      return pool.freeBytes() < NOTHING;
    } catch (IOException e) {
      return false;
    }
  }
}
