package dev.understudy.cloner.clone;

import dev.understudy.cloner.clone.CloneException.Reason;
import dev.understudy.cloner.pool.PoolFullException;
import java.io.IOException;

/** Tells a full file system from other trouble: the JDK knows it only by the system's words. */
final class StorageErrors {
  private StorageErrors() {}

  static boolean isFull(String text) {
    return text.contains("No space left on device") || text.contains("Disk quota exceeded");
  }

  static CloneException translate(Reason reason, String message, IOException cause) {
    String words = String.valueOf(cause.getMessage());
    return cause instanceof PoolFullException || isFull(words)
        ? new CloneException(Reason.STORAGE_FULL, "the pool is full", words, cause)
        : new CloneException(reason, message, words, cause);
  }
}
