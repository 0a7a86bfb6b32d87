package dev.understudy.proxy.testing;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** When all buffers between a sender and one who does not read are full. */
public final class Standstill {
  private static final int LONGEST_PAUSE_MILLIS = 300;

  private Standstill() {}

  /**
   * Returns when no further piece goes: how many bytes were sent until then.
   *
   * @param sent gets the length of each piece once it is gone
   */
  public static long bytesUntil(BlockingQueue<Integer> sent) throws InterruptedException {
    long total = 0;
    Integer next = sent.poll(10, TimeUnit.SECONDS);
    while (next != null) {
      total += next;
      next = sent.poll(LONGEST_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
    return total;
  }

  /** Whether a count gets there; false once it has stood still for as long. */
  public static boolean reaches(LongSupplier count, long value) {
    long last = count.getAsLong();
    long since = System.nanoTime();
    while (last < value) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
      long now = count.getAsLong();
      if (now != last) {
        last = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > TimeUnit.MILLISECONDS.toNanos(LONGEST_PAUSE_MILLIS)) {
        return false;
      }
    }
    return true;
  }
}
