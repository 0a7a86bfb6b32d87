package dev.understudy.proxy.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is right now.
 *
 * @param id that it keeps, and no other session of the same daemon gets
 * @param requestedAt when the client sent something last, or began
 * @param waiting since when for its server; zero: it does not wait
 * @param server null: it has none, as it waits, is parked, or is one of the console
 */
public record ClientStatus(
    long id,
    ClientDescription description,
    State state,
    Instant connectedAt,
    Instant requestedAt,
    Duration waiting,
    Totals totals,
    @Nullable ServerLink server) {
  public ClientStatus {
    requireNonNull(description, "description is null");
    requireNonNull(state, "state is null");
    requireNonNull(connectedAt, "connectedAt is null");
    requireNonNull(requestedAt, "requestedAt is null");
    requireNonNull(waiting, "waiting is null");
    requireNonNull(totals, "totals is null");
  }

  /** What a session does. */
  public enum State {
    /** A statement runs, or a transaction is open. */
    ACTIVE,
    /** Connected to its server, between transactions. */
    IDLE,
    /** Has no server yet. */
    WAITING,
    /** Its server was stopped while it was idle; ends when the client asks for something. */
    PARKED
  }
}
