package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * Bounds the connections that have not said yet what they want: silent ones, and those in the
 * middle of a TLS handshake. They are cheap, so there is room for many, and they hold no place that
 * somebody else could want: when there are too many, or half as many of one address, whoever has
 * been quiet for longest gives way to the next. So nobody waits here, however many strangers stall.
 * Thread-safe.
 */
public final class Porch {
  private final int room;
  private final int roomPerAddress;
  private final LinkedHashSet<Stay> stays = new LinkedHashSet<>();
  private final Map<Object, LinkedHashSet<Stay>> byAddress = new HashMap<>();

  public Porch(int room) {
    this.room = room;
    this.roomPerAddress = Math.max(1, room / 2);
  }

  /**
   * Lets a connection in, always.
   *
   * @param address equal for connections that share a limit
   * @param giveWay called at most once, and not after {@link Stay#end()}: somebody else has come
   */
  public Stay enter(Object address, Runnable giveWay) {
    Stay stay = new Stay(address, giveWay);
    Stay oldest = null;
    synchronized (this) {
      LinkedHashSet<Stay> neighbours = byAddress.get(address);
      if (neighbours != null && neighbours.size() >= roomPerAddress) {
        oldest = neighbours.getFirst();
      } else if (stays.size() >= room) {
        oldest = stays.getFirst();
      }
      if (oldest != null) {
        remove(oldest);
      }
      stays.add(stay);
      byAddress.computeIfAbsent(address, _ -> new LinkedHashSet<>()).add(stay);
    }
    if (oldest != null) {
      oldest.giveWay.run();
    }
    return stay;
  }

  /** How many there are. */
  public synchronized int size() {
    return stays.size();
  }

  private synchronized void remove(Stay stay) {
    if (stays.remove(stay)) {
      LinkedHashSet<Stay> neighbours =
          requireNonNull(byAddress.get(stay.address), "neighbours is null");
      neighbours.remove(stay);
      if (neighbours.isEmpty()) {
        byAddress.remove(stay.address);
      }
    }
  }

  private synchronized void renew(Stay stay) {
    if (stays.remove(stay)) {
      stays.add(stay);
      LinkedHashSet<Stay> neighbours =
          requireNonNull(byAddress.get(stay.address), "neighbours is null");
      neighbours.remove(stay);
      neighbours.add(stay);
    }
  }

  /** Of one connection, until it has said what it wants or is gone. */
  public final class Stay {
    private final Object address;
    private final Runnable giveWay;

    private Stay(Object address, Runnable giveWay) {
      this.address = requireNonNull(address, "address is null");
      this.giveWay = requireNonNull(giveWay, "giveWay is null");
    }

    /** It was heard of just now. Nothing, once it has ended. */
    public void renew() {
      Porch.this.renew(this);
    }

    /** Idempotent. */
    public void end() {
      remove(this);
    }
  }
}
