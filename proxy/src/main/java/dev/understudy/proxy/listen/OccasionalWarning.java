package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * A warning that strangers can provoke as often as they like: written at most every ten seconds,
 * with the number of times. Thread-safe.
 */
public final class OccasionalWarning {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Logger log;
  private final String text;
  private final LongSupplier nanoTime;
  private final AtomicLong times = new AtomicLong();
  private final AtomicLong next;

  public OccasionalWarning(Logger log, String text) {
    this(log, text, System::nanoTime);
  }

  OccasionalWarning(Logger log, String text, LongSupplier nanoTime) {
    this.log = requireNonNull(log, "log is null");
    this.text = requireNonNull(text, "text is null");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  public void happened() {
    if (isDue()) {
      log.warn("{} ({} times)", text, times.getAndSet(0));
    }
  }

  /**
   * The same.
   *
   * @param instance what happened this time, for people; without secrets
   */
  public void happened(String instance) {
    if (isDue()) {
      log.warn("{} ({} times), at last {}", text, times.getAndSet(0), instance);
    }
  }

  private boolean isDue() {
    times.incrementAndGet();
    long now = nanoTime.getAsLong();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + INTERVAL_NANOS);
  }
}
