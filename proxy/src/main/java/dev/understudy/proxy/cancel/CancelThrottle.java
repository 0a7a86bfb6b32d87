package dev.understudy.proxy.cancel;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.listen.AddressGroup;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds each network to the rate of cancel requests, so that nobody can guess keys fast or keep
 * servers busy with signals.
 *
 * <p>Remembered are the networks that sent one last; one that is forgotten begins anew, which costs
 * less than memory without a bound. Thread-safe.
 */
final class CancelThrottle {
  private static final int NETWORKS = 4096;

  private final long intervalNanos;
  private final long burstNanos;
  private final LongSupplier nanoTime;

  /** When what each network has sent is worked off at its rate; eldest first. */
  private final LinkedHashMap<Object, Long> workedOff = new LinkedHashMap<>(16, 0.75f, true);

  CancelThrottle(CancelRate rate) {
    this(rate, System::nanoTime);
  }

  CancelThrottle(CancelRate rate, LongSupplier nanoTime) {
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate.perSecond();
    this.burstNanos = intervalNanos * rate.burst();
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
  }

  /** Counts a request; false: it is one too many. */
  synchronized boolean allows(SocketAddress client) {
    Object network = AddressGroup.networkOf(client);
    long now = nanoTime.getAsLong();
    long done = workedOff.getOrDefault(network, now);
    long next = (done - now > 0 ? done : now) + intervalNanos;
    if (next - now > burstNanos) {
      return false;
    }
    workedOff.put(network, next);
    if (workedOff.size() > NETWORKS) {
      workedOff.remove(workedOff.firstEntry().getKey());
    }
    return true;
  }
}
