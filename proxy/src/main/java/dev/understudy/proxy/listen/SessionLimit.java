package dev.understudy.proxy.listen;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts authenticated sessions against {@code listen.max-connections}. Thread-safe. */
public final class SessionLimit {
  private final int max;
  private final AtomicInteger sessions = new AtomicInteger();

  public SessionLimit(int max) {
    this.max = max;
  }

  /** Takes a place, to be given back once by {@link #release()}; false when there is none. */
  public boolean tryAcquire() {
    if (sessions.incrementAndGet() <= max) {
      return true;
    }
    sessions.decrementAndGet();
    return false;
  }

  public void release() {
    sessions.decrementAndGet();
  }

  public int max() {
    return max;
  }

  public int inUse() {
    return sessions.get();
  }
}
