package dev.understudy.cloner.clone;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.pool.Pool;
import dev.understudy.cloner.pool.PoolFullException;
import dev.understudy.cloner.postgres.ServerException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells a full file system from other trouble: the JDK knows it only by the system's words. */
public final class StorageErrors {
  private StorageErrors() {}

  public static boolean isFull(IOException failure) {
    return failure instanceof PoolFullException || PoolFullException.isFull(failure.getMessage());
  }

  /** What failed because a file could not be written, or read. */
  public static CloneException translate(Reason reason, String message, IOException cause) {
    String words = String.valueOf(cause.getMessage());
    return isFull(cause)
        ? new CloneException(Reason.STORAGE_FULL, "the pool is full", words, cause)
        : new CloneException(reason, message, words, cause);
  }

  /** A server that did not start. */
  static CloneException translate(ServerException cause, Pool pool) {
    return translate(
        Reason.START_FAILED, String.valueOf(cause.getMessage()), cause.logTail(), pool, cause);
  }

  /**
   * A program that failed while it worked on the pool.
   *
   * @param said its last words
   */
  public static CloneException translate(Reason reason, String message, String said, Pool pool) {
    return translate(reason, message, said, pool, null);
  }

  private static CloneException translate(
      Reason reason, String message, String said, Pool pool, @Nullable Throwable cause) {
    String tail = said;
    boolean full = PoolFullException.isFull(message) || PoolFullException.isFull(tail);
    if (!full && pool.isExhausted()) {
      full = true;
      tail = "The pool is full.\n" + tail;
    }
    return new CloneException(
        full ? Reason.STORAGE_FULL : reason, message, tail.isBlank() ? null : tail.strip(), cause);
  }
}
