package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Counts authenticated sessions against {@code listen.max-connections}. Thread-safe. */
public final class SessionLimit {
  private final IntSupplier max;
  private int sessions;

  /**
   * No session yet.
   *
   * @param max that of now; where it becomes less than there are, those stay
   */
  public SessionLimit(IntSupplier max) {
    this.max = requireNonNull(max, "max is null");
  }

  /** Takes a place, to be given back once by {@link #release()}; false when there is none. */
  public synchronized boolean tryAcquire() {
    if (sessions >= max()) {
      return false;
    }
    sessions++;
    return true;
  }

  public synchronized void release() {
    sessions--;
    notifyAll();
  }

  public int max() {
    return max.getAsInt();
  }

  public synchronized int inUse() {
    return sessions;
  }

  /** Waits until no place is taken; false if that takes longer. */
  public synchronized boolean awaitNone(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (sessions > 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      // Never nothing: that would be for ever.
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1));
    }
    return true;
  }
}
