package dev.understudy.proxy.listen;

/** What a client connection's current phase is told through its pipeline. */
public enum ConnectionEvent {
  /** The time from accept to authenticated is over. */
  DEADLINE_EXPIRED,
  /**
   * The proxy wants to stop: end at the next good moment. Who has not said yet what it is for is
   * told when it does.
   */
  SHUTTING_DOWN
}
