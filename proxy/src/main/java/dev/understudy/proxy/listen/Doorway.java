package dev.understudy.proxy.listen;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the connections that have said who they want to be and not authenticated yet.
 *
 * <ul>
 *   <li>At most {@code places} are inside at once, and at most {@code placesPerAddress} of one
 *       address, so that one address cannot keep all others out.
 *   <li>Who finds no place waits its turn, unread: a burst is slowed down, not refused. No address
 *       is exempt, loopback neither: many clients behind one address are the ordinary case.
 *   <li>Addresses take turns; within one address it is first come, first served.
 *   <li>Only when {@code waiting} are waiting already, or half as many of its own address, is a
 *       visitor turned away: one address cannot fill the line.
 *   <li>Who has not been heard of for {@code stay} gives way when somebody else wants the place,
 *       those inside for longest first: who stalls holds up nobody for longer than that. Who goes
 *       on does not: a burst takes its time on a busy host, and nobody of it is refused.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class Doorway {
  private final int places;
  private final int placesPerAddress;
  private final int maxWaiting;
  private final int maxWaitingPerAddress;
  private final Duration stay;
  private final LongSupplier nanoTime;
  private final Map<Object, Line> lines = new LinkedHashMap<>();

  /** In the order in which they came in. */
  private final LinkedHashSet<Visit> inside = new LinkedHashSet<>();

  private int waiting;

  public Doorway(int places, int placesPerAddress, int maxWaiting, Duration stay) {
    this(places, placesPerAddress, maxWaiting, stay, System::nanoTime);
  }

  Doorway(int places, int placesPerAddress, int maxWaiting, Duration stay, LongSupplier nanoTime) {
    this.places = places;
    this.placesPerAddress = placesPerAddress;
    this.maxWaiting = maxWaiting;
    this.maxWaitingPerAddress = Math.max(1, maxWaiting / 2);
    this.stay = requireNonNull(stay, "stay is null");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
  }

  /** After which a visit may have to give way. */
  public Duration stay() {
    return stay;
  }

  /**
   * Takes a place or a turn in the line.
   *
   * @param address equal for connections that share a limit
   * @param admitted called once when there is a place: before this method returns, or later from a
   *     thread that leaves or enters
   * @param giveWay called at most once, after {@code admitted}: the place is somebody else's now
   * @return what to {@linkplain Visit#leave() leave} by, or null when turned away
   */
  public @Nullable Visit enter(Object address, Runnable admitted, Runnable giveWay) {
    requireNonNull(address, "address is null");
    Visit visit = new Visit(address, admitted, giveWay);
    List<Runnable> calls = new ArrayList<>(2);
    boolean turnedAway = false;
    synchronized (this) {
      makeWay(address, calls);
      Line line = lines.computeIfAbsent(address, _ -> new Line());
      if (inside.size() < places && line.inside.size() < placesPerAddress) {
        admit(visit, line, calls);
      } else if (waiting < maxWaiting && line.waiting.size() < maxWaitingPerAddress) {
        line.waiting.add(visit);
        waiting++;
      } else {
        removeIfEmpty(address, line);
        turnedAway = true;
      }
    }
    calls.forEach(Runnable::run);
    return turnedAway ? null : visit;
  }

  /** How many are inside. */
  public synchronized int inside() {
    return inside.size();
  }

  /** How many wait for a place. */
  public synchronized int waiting() {
    return waiting;
  }

  /** If there is no place at this address; those who wait already come first. */
  private void makeWay(Object address, List<Runnable> calls) {
    Line line = lines.get(address);
    if (line != null && line.inside.size() >= placesPerAddress) {
      endOldest(line.inside, calls);
    } else if (inside.size() >= places) {
      endOldest(inside, calls);
    }
  }

  private void endOldest(SequencedSet<Visit> visits, List<Runnable> calls) {
    Visit oldest = visits.getFirst();
    if (oldest.hasOverstayed()) {
      end(oldest, calls);
    }
  }

  private void end(Visit visit, List<Runnable> calls) {
    remove(visit);
    calls.add(visit.giveWay);
    admitWaiting(calls);
  }

  private void giveWayIfWanted(Visit visit) {
    List<Runnable> calls = new ArrayList<>(2);
    synchronized (this) {
      if (visit.state == State.INSIDE && visit.hasOverstayed() && isWanted(visit)) {
        end(visit, calls);
      }
    }
    calls.forEach(Runnable::run);
  }

  private boolean isWanted(Visit visit) {
    return waiting > 0 && (inside.size() >= places || !line(visit.address).waiting.isEmpty());
  }

  private void leave(Visit visit) {
    List<Runnable> calls = new ArrayList<>(1);
    synchronized (this) {
      if (visit.state == State.GONE) {
        return;
      }
      remove(visit);
      admitWaiting(calls);
    }
    calls.forEach(Runnable::run);
  }

  private void remove(Visit visit) {
    Line line = line(visit.address);
    if (visit.state == State.WAITING) {
      line.waiting.remove(visit);
      waiting--;
    } else {
      line.inside.remove(visit);
      inside.remove(visit);
    }
    visit.state = State.GONE;
    removeIfEmpty(visit.address, line);
  }

  private void admitWaiting(List<Runnable> calls) {
    List<Object> served = new ArrayList<>(1);
    Iterator<Map.Entry<Object, Line>> all = lines.entrySet().iterator();
    while (waiting > 0 && inside.size() < places && all.hasNext()) {
      Map.Entry<Object, Line> entry = all.next();
      Line line = entry.getValue();
      if (line.inside.size() < placesPerAddress && !line.waiting.isEmpty()) {
        waiting--;
        admit(line.waiting.remove(), line, calls);
        served.add(entry.getKey());
      }
    }
    // Whoever was served goes behind the others.
    served.forEach(address -> lines.put(address, requireNonNull(lines.remove(address))));
  }

  private void admit(Visit visit, Line line, List<Runnable> calls) {
    visit.state = State.INSIDE;
    line.inside.add(visit);
    inside.add(visit);
    calls.add(visit.admitted);
  }

  private Line line(Object address) {
    return requireNonNull(lines.get(address), "line is null");
  }

  private void removeIfEmpty(Object address, Line line) {
    if (line.inside.isEmpty() && line.waiting.isEmpty()) {
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
    private final LinkedHashSet<Visit> inside = new LinkedHashSet<>();
  }

  /** A place, or a turn in the line. */
  public final class Visit {
    private final Object address;
    private final Runnable admitted;
    private final Runnable giveWay;
    private State state = State.WAITING;

    /** Null until somebody attends to it. */
    private @Nullable Long begunNanos;

    private Visit(Object address, Runnable admitted, Runnable giveWay) {
      this.address = address;
      this.admitted = requireNonNull(admitted, "admitted is null");
      this.giveWay = requireNonNull(giveWay, "giveWay is null");
    }

    private boolean hasOverstayed() {
      return begunNanos != null && nanoTime.getAsLong() - begunNanos >= stay.toNanos();
    }

    /**
     * The visitor is attended to from now on, and the {@linkplain Doorway#stay() stay} begins, or
     * begins anew. Not before: where nobody has time for those inside, letting in others instead
     * would only add to the work.
     */
    public void begin() {
      synchronized (Doorway.this) {
        begunNanos = nanoTime.getAsLong();
      }
    }

    /** Gives the place to the next. Idempotent. */
    public void leave() {
      Doorway.this.leave(this);
    }

    /** To be called once the {@linkplain Doorway#stay() stay} is over: somebody may wait. */
    public void giveWayIfWanted() {
      Doorway.this.giveWayIfWanted(this);
    }
  }
}
