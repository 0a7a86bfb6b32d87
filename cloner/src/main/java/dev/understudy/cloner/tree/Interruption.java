package dev.understudy.cloner.tree;

import java.io.InterruptedIOException;

/** Work on trees can be ended between two files and between two chunks of one. */
public final class Interruption {
  private Interruption() {}

  /** The flag of the thread stays set, so that callers see it too. */
  public static void check() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
  }
}
