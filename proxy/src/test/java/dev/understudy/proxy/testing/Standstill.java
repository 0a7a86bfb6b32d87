package dev.understudy.proxy.testing;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

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
}
