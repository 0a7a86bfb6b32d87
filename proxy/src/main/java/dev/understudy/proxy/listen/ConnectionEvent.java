package dev.understudy.proxy.listen;

/** What a client connection's current phase is told through its pipeline. */
public enum ConnectionEvent {
  /** The time from accept to authenticated is over. */
  DEADLINE_EXPIRED,
  /** The proxy stops: end at the next good moment. */
  SHUTTING_DOWN
}
