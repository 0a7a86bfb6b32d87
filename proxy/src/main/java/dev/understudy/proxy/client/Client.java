package dev.understudy.proxy.client;

import static java.util.Objects.requireNonNull;

import dev.understudy.proxy.client.ClientStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The entry of one session among the {@link Clients}, from AuthenticationOk to its end. Told of
 * what happens on the session's event loop, and asked on any thread.
 */
public final class Client {
  private final long id;
  private final ClientDescription description;
  private final DatabaseCounters group;
  private final Clients registry;
  private final Runnable kill;
  private final Instant connectedAt = Instant.now();
  private final long beginNanos = System.nanoTime();
  private final Traffic traffic = new Traffic(beginNanos);
  private volatile Phase phase = Phase.WAITING;
  private volatile @Nullable ServerLink server;
  private volatile long waitedNanos;
  private volatile boolean assigned;

  private enum Phase {
    WAITING,
    LINKED,
    PARKED
  }

  Client(
      long id,
      ClientDescription description,
      DatabaseCounters group,
      Clients registry,
      Runnable kill) {
    this.id = id;
    this.description = requireNonNull(description, "description is null");
    this.group = requireNonNull(group, "group is null");
    this.registry = requireNonNull(registry, "registry is null");
    this.kill = requireNonNull(kill, "kill is null");
  }

  long id() {
    return id;
  }

  ClientDescription description() {
    return description;
  }

  /** Where it is counted together with others of its kind. */
  DatabaseCounters group() {
    return group;
  }

  /** Where its bytes are counted. */
  public Traffic traffic() {
    return traffic;
  }

  /** It has got its server, and waits no longer. */
  public void linked(Path socket, int pid) {
    waitedNanos = System.nanoTime() - beginNanos;
    server = new ServerLink(registry.nextId(), socket, pid, Instant.now());
    assigned = true;
    phase = Phase.LINKED;
  }

  /** It needs no server, and waits for none. */
  public void linkedToNone() {
    phase = Phase.LINKED;
  }

  /** It has lost its server, and has not heard of that. */
  public void parked() {
    server = null;
    phase = Phase.PARKED;
  }

  /** It is over. Idempotent. */
  public void ended() {
    registry.ended(this);
  }

  void kill() {
    kill.run();
  }

  Totals totals() {
    return new Totals(
        1,
        assigned ? 1 : 0,
        traffic.received(),
        traffic.sent(),
        TimeUnit.NANOSECONDS.toMicros(waitedNanos));
  }

  ClientStatus status() {
    long now = System.nanoTime();
    Phase current = phase;
    return new ClientStatus(
        id,
        description,
        state(current),
        connectedAt,
        connectedAt.plusNanos(traffic.requestNanos() - beginNanos),
        current == Phase.WAITING ? Duration.ofNanos(now - beginNanos) : Duration.ZERO,
        totals(),
        server);
  }

  private State state(Phase current) {
    return switch (current) {
      case WAITING -> State.WAITING;
      case LINKED -> traffic.isQuiet() ? State.IDLE : State.ACTIVE;
      case PARKED -> State.PARKED;
    };
  }
}
