package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bounds the connections that have not authenticated yet.
 *
 * <ul>
 *   <li>At most {@code places} are inside at once, and at most {@code placesPerAddress} of one
 *       address, so that one address cannot keep all others out.
 *   <li>Who finds no place waits its turn, unread: a burst is slowed down, not refused. No address
 *       is exempt, loopback neither: many clients behind one address are the ordinary case.
 *   <li>Addresses take turns; within one address it is first come, first served.
 *   <li>Only when {@code waiting} are waiting already, or half as many of its own address, is a
 *       visitor turned away: one address cannot fill the line.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class Doorway {
  private final int places;
  private final int placesPerAddress;
  private final int maxWaiting;
  private final int maxWaitingPerAddress;
  private final Map<Object, Line> lines = new LinkedHashMap<>();
  private int inside;
  private int waiting;

  public Doorway(int places, int placesPerAddress, int maxWaiting) {
    this.places = places;
    this.placesPerAddress = placesPerAddress;
    this.maxWaiting = maxWaiting;
    this.maxWaitingPerAddress = Math.max(1, maxWaiting / 2);
  }

  /**
   * Takes a place or a turn in the line.
   *
   * @param address equal for connections that share a limit
   * @param admitted called once when there is a place: before this method returns, or later from a
   *     thread that leaves
   * @return what to {@linkplain Visit#leave() leave} by, or null when turned away
   */
  public @org.jspecify.annotations.Nullable Visit enter(Object address, Runnable admitted) {
    requireNonNull(address, "address is null");
    Visit visit = new Visit(address, admitted);
    synchronized (this) {
      Line line = lines.computeIfAbsent(address, _ -> new Line());
      if (inside < places && line.inside < placesPerAddress) {
        admit(visit, line);
      } else if (waiting < maxWaiting && line.waiting.size() < maxWaitingPerAddress) {
        line.waiting.add(visit);
        waiting++;
        return visit;
      } else {
        removeIfEmpty(address, line);
        return null;
      }
    }
    admitted.run();
    return visit;
  }

  /** How many are inside. */
  public synchronized int inside() {
    return inside;
  }

  /** How many wait for a place. */
  public synchronized int waiting() {
    return waiting;
  }

  private void leave(Visit visit) {
    List<Visit> next = new ArrayList<>(1);
    synchronized (this) {
      Line line = lines.get(visit.address);
      if (line == null || visit.state == State.GONE) {
        return;
      }
      if (visit.state == State.WAITING) {
        line.waiting.remove(visit);
        waiting--;
      } else {
        line.inside--;
        inside--;
      }
      visit.state = State.GONE;
      removeIfEmpty(visit.address, line);
      admitWaiting(next);
    }
    next.forEach(admitted -> admitted.admitted.run());
  }

  private void admitWaiting(List<Visit> next) {
    List<Object> served = new ArrayList<>(1);
    Iterator<Map.Entry<Object, Line>> all = lines.entrySet().iterator();
    while (waiting > 0 && inside < places && all.hasNext()) {
      Map.Entry<Object, Line> entry = all.next();
      Line line = entry.getValue();
      if (line.inside < placesPerAddress && !line.waiting.isEmpty()) {
        Visit visit = line.waiting.remove();
        waiting--;
        admit(visit, line);
        next.add(visit);
        served.add(entry.getKey());
      }
    }
    // Whoever was served goes behind the others.
    served.forEach(address -> lines.put(address, requireNonNull(lines.remove(address))));
  }

  private void admit(Visit visit, Line line) {
    visit.state = State.INSIDE;
    line.inside++;
    inside++;
  }

  private void removeIfEmpty(Object address, Line line) {
    if (line.inside == 0 && line.waiting.isEmpty()) {
      lines.remove(address);
    }
  }

  private enum State {
    WAITING,
    INSIDE,
    GONE
  }

  private static final class Line {
    private final ArrayDeque<Visit> waiting = new ArrayDeque<>();
    private int inside;
  }

  /** A place, or a turn in the line. */
  public final class Visit {
    private final Object address;
    private final Runnable admitted;
    private State state = State.WAITING;

    private Visit(Object address, Runnable admitted) {
      this.address = address;
      this.admitted = admitted;
    }

    /** Gives the place to the next. Idempotent. */
    public void leave() {
      Doorway.this.leave(this);
    }
  }
}
